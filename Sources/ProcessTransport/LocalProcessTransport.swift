package import Connections
package import EventLoops
import Glibc
import Processes

/// Reaches a PSRP endpoint by starting it here: its standard streams carry the session.
package struct LocalProcessTransport: ByteTransport {
    private let plan: ChildProcessPlan
    private let patience: Duration
    private let loop: EventLoop

    /// - Parameters:
    ///   - executable: a path, or a name to search on PATH.
    ///   - arguments: what follows the program's name.
    ///   - environment: variables to add to this process's own.
    ///   - patience: how long the process has to end by itself once the session is over.
    ///   - loop: what the process's streams are read and written on.
    package init(
        executable: String,
        arguments: [String],
        environment: [String: String] = [:],
        patience: Duration = .seconds(1),
        loop: EventLoop
    ) {
        plan = ChildProcessPlan(executable: executable, arguments: arguments, environment: environment)
        self.patience = patience
        self.loop = loop
    }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(.subsystem)
        let process = LocalProcess(loop: loop)
        let connection = LocalProcessConnection(process: process)
        do {
            try await process.start(plan, deadline: deadline)
            timeline.end()
            let result = try await body(connection)
            await process.end(by: .orderly(within: patience))
            return result
        } catch {
            timeline.end()
            await process.end(by: .hasty)
            throw error
        }
    }
}

/// A session's view of its process.
private struct LocalProcessConnection: TransportConnection {
    let process: LocalProcess

    func receive() async throws -> TransportInput {
        try await process.inbox.receive()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await process.outbox.send(bytes)
    }
}
