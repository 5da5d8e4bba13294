import Connections
import EventLoops
import Files

extension SSHLink {
    /// A connection through this host to another, as a socket.
    func openForward(to host: String, port: UInt16) async throws -> FileDescriptor {
        guard let session else { throw failure ?? CancellationError() }
        let opened = Promise<FileDescriptor>()
        let pump = ForwardPump(
            channel: try session.makeChannel(),
            host: host,
            port: port,
            opened: opened,
            on: loop,
            onEnd: { [weak self] user in self?.assumeIsolated { $0.finish(user) } }
        )
        pump.onReady = { [weak self] in self?.assumeIsolated { $0.serve() } }
        begin(pump)
        do {
            return try await opened.value()
        } catch let failure as SSHFailure {
            throw TransportError(
                .connectionFailed,
                phase: .tcp,
                "\(target): the jump host cannot connect to \(host) port \(port): \(failure.text)."
            )
        }
    }
}
