import CLinux
import Connections
import EventLoops
import Files
import Glibc
import SystemErrors
import Threads

extension SSHLink {
    /// A socket connected to the first address that answers, in the order that the resolver gave them.
    func connectSocket(_ settings: SSHSettings) async throws -> FileDescriptor {
        timeline.begin(.resolve)
        let addresses = try await resolve(settings)
        timeline.begin(.tcp)
        var failures: [String] = []
        for address in addresses {
            do {
                return try await connectSocket(to: address, settings)
            } catch let error as SSHFailure {
                failures.append("\(address.text): \(error.text)")
            }
        }
        throw TransportError(
            .connectionFailed,
            phase: .tcp,
            "\(target): cannot connect to port \(settings.port) (\(failures.joined(separator: "; "))). "
                + "Check that the host is up, the port is right and no firewall is in between."
        )
    }

    private func resolve(_ settings: SSHSettings) async throws -> [SocketAddress] {
        let (host, port, family) = (settings.hostName, settings.port, settings.addressFamily)
        // An address needs no name service, and so no other thread.
        if let addresses = try? SocketAddress.resolve(host, port: port, family: family, isLiteral: true) {
            return addresses
        }
        return try await waitOffLoop(in: .names) { try SocketAddress.resolve(host, port: port, family: family) }
    }

    private func connectSocket(to address: SocketAddress, _ settings: SSHSettings) async throws -> FileDescriptor {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(address.family, kind, 0)
        guard number >= 0 else { throw SSHFailure(text: describe(errno: errno)) }
        let descriptor = FileDescriptor(owning: number)
        var on: Int32 = 1
        setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if let local = settings.bindAddress { try bind(descriptor, to: local, family: address.family) }
        let status = address.withPointer { connect(number, $0, $1) }
        if status != 0 {
            guard errno == EINPROGRESS else { throw SSHFailure(text: describe(errno: errno)) }
            try await waitUntil(descriptor, is: .writable)
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { throw SSHFailure(text: describe(errno: code)) }
        }
        return descriptor
    }

    private func bind(_ descriptor: FileDescriptor, to local: String, family: Int32) throws {
        let wanted: SSHSettings.AddressFamily = family == AF_INET6 ? .inet6 : .inet
        guard
            let address = try? SocketAddress.resolve(local, port: 0, family: wanted, isLiteral: true).first,
            address.withPointer({ Glibc.bind(descriptor.raw, $0, $1) }) == 0
        else { throw SSHFailure(text: "cannot use the BindAddress \(local)") }
    }
}
