package import Connections
import Fleet
import Glibc
package import Sessions
import Synchronization

/// A far side in memory, on the loop of its session: a server's session that answers each line with itself, or with other
/// lines. Nothing of it waits for anything, and so it is no limit to how many loops work.
package struct SimulatedTransport: ByteTransport {
    private let lines: [String]?
    private let time: FarSideTime?

    /// - Parameters:
    ///   - lines: what each line is answered with; nil for itself.
    ///   - time: takes the processor time of the far side.
    package init(answering lines: [String]? = nil, time: FarSideTime? = nil) {
        (self.lines, self.time) = (lines, time)
    }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        try await body(SimulatedConnection(lines, time))
    }
}

/// Processor time that far sides have taken.
package final class FarSideTime: Sendable {
    private let nanoseconds = Atomic<UInt64>(0)

    package init() {}

    package var seconds: Double { Double(nanoseconds.load(ordering: .relaxed)) / 1e9 }

    package func measure<Value>(_ body: () throws -> Value) rethrows -> Value {
        let began = now()
        defer { nanoseconds.add(now() - began, ordering: .relaxed) }
        return try body()
    }

    private func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

private final class SimulatedConnection: TransportConnection {
    private let server: Mutex<AnsweringServer>
    private let output: AsyncStream<[UInt8]>
    private let source: AsyncStream<[UInt8]>.Continuation
    private let time: FarSideTime?

    init(_ lines: [String]?, _ time: FarSideTime?) {
        server = Mutex(AnsweringServer(answering: lines))
        self.time = time
        (output, source) = AsyncStream.makeStream()
    }

    func receive() async throws -> TransportInput {
        for await bytes in output { return .output(bytes) }
        try Task.checkCancellation()
        return .end(.code(0))
    }

    func send(_ bytes: [UInt8]) async throws {
        let replies = try time?.measure { try self.replies(to: bytes) } ?? self.replies(to: bytes)
        if !replies.isEmpty { source.yield(replies) }
    }

    private func replies(to bytes: [UInt8]) throws -> [UInt8] {
        try server.withLock { server in try server.replies(to: bytes) }
    }
}

/// Whoever listens to a session here, and keeps nothing.
package struct SilentObserver: SessionObserver {
    package init() {}

    package func observe(_ event: SessionEvent, at moment: RunMoment) async {}

    package func observe(diagnostics: String, at moment: RunMoment) async {}

    package func observe(banner: String, at moment: RunMoment) async {}
    package func observe(trace line: String, at moment: RunMoment) {}

    package func ask(_ question: Question) async -> String? { nil }
}
