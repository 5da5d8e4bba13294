import Connections
import Synchronization

/// The two programs that wait in a container, for whoever runs command lines: the first line becomes the one, the second
/// the other. There are no more.
final class ContainerCommands: CommandTransport, CommandConnection {
    private let session: ContainerSession
    private let started = Mutex(0)

    init(_ session: ContainerSession) {
        self.session = session
    }

    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result { await body() }

    func withCommands<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any CommandConnection) async throws -> Result
    ) async throws -> Result {
        try await body(self)
    }

    func start(_ line: String) async throws -> any TransportConnection {
        let number = started.withLock { count in
            count += 1
            return count
        }
        switch number {
        case 1: return try await session.startShell(line)
        case 2: return try await session.startBeside(line)
        default: throw TransportError(.commandRefused, phase: nil, "the container has two programs, and no third.")
        }
    }

    func isReady() async { await session.isReady() }
}
