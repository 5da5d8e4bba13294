import Connections
import EventLoops

/// A command line that runs there: a task that writes to it in order, and one that reads.
struct CommandLine {
    private let writer: Task<Void, Never>
    private let reader: Task<Void, Never>
    private let unsent: AsyncStream<[UInt8]>.Continuation

    /// - Parameter read: reads until the end.
    init(_ connection: any TransportConnection, on loop: EventLoop, read: @escaping @Sendable () async -> Void) {
        let (pieces, unsent) = AsyncStream<[UInt8]>.makeStream()
        self.unsent = unsent
        writer = Task(executorPreference: loop.taskExecutor) {
            for await piece in pieces {
                // Where it fails, reading fails as well, and says why.
                do { try await connection.send(piece) } catch { return }
            }
        }
        reader = Task(executorPreference: loop.taskExecutor) { await read() }
    }

    func send(_ bytes: [UInt8]) {
        if !bytes.isEmpty { unsent.yield(bytes) }
    }

    func drop() {
        unsent.finish()
        writer.cancel()
        reader.cancel()
    }
}
