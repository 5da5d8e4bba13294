import Connections
import EventLoops
import Files
import Glibc
import SystemErrors

extension SSHLink {
    /// A socket connected to a virtual machine of this computer's.
    /// - Parameter address: as the system takes it.
    func connectSocket(to machine: VsockAddress, at address: SocketAddress) async throws -> FileDescriptor {
        timeline.begin(.vsock)
        let race = AddressRace([address], bindAddress: nil, on: loop)
        defer { race.cancel() }
        do {
            return try await wait { (promise: Promise<FileDescriptor>) in race.begin { promise.keep($0) } }
        } catch let failure as AddressRace.AllFailed {
            let cure =
                failure.isLocal
                ? failure.shortages.map(\.cure).joined(separator: " ")
                : "Check that this computer has vsock for its machines (modprobe vhost_vsock), and that an SSH server in the "
                    + "machine listens on vsock port \(machine.port)."
            throw TransportError(
                .connectionFailed,
                phase: .vsock,
                "\(target): cannot connect over vsock (\(failure.reasons.joined(separator: "; "))). \(cure)"
            )
        }
    }
}
