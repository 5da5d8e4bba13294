import Connections
import EventLoops
import Files
import Threads

extension SSHLink {
    /// A socket connected to one of the host's addresses: the first that answers, none of which is waited for for long
    /// before the next is tried beside it.
    func connectSocket(_ settings: SSHSettings) async throws -> FileDescriptor {
        timeline.begin(.resolve)
        let addresses = try await resolve(settings)
        timeline.begin(.tcp)
        let race = AddressRace(AddressRace.order(addresses), bindAddress: settings.bindAddress, on: loop)
        defer { race.cancel() }
        do {
            return try await wait { (promise: Promise<FileDescriptor>) in race.begin { promise.keep($0) } }
        } catch let failure as AddressRace.AllFailed {
            throw TransportError.noConnection(to: target, port: settings.port, failure)
        }
    }

    private func resolve(_ settings: SSHSettings) async throws -> [SocketAddress] {
        let (host, port, family) = (settings.hostName, settings.port, settings.addressFamily)
        // An address needs no name service, and so no other thread.
        if let addresses = try? SocketAddress.resolve(host, port: port, family: family, isLiteral: true) {
            return addresses
        }
        return try await waitOffLoop(in: .names) { try SocketAddress.resolve(host, port: port, family: family) }
    }
}
