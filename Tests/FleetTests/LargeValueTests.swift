import Connections
import EventLoops
import PSRunTestSupport
import Playbooks
import Sessions
import Synchronization
import Testing

@testable import Fleet

@Suite("Large values and the loops")
struct LargeValueTests {
    /// A far side that works on a thread of its own, and whose output comes in pieces, as from a socket.
    private struct PiecewiseTransport: ByteTransport {
        let far: MemoryTransport

        func withConnection<Result: Sendable>(
            timeline: ConnectionTimeline,
            deadline: ConnectingDeadline?,
            _ body: @Sendable (any TransportConnection) async throws -> Result
        ) async throws -> Result {
            try await far.withConnection(timeline: timeline, deadline: deadline) { connection in
                try await body(PiecewiseConnection(connection))
            }
        }
    }

    private final class PiecewiseConnection: TransportConnection {
        private let far: any TransportConnection
        private let rest = Mutex<ArraySlice<UInt8>>([])

        init(_ far: any TransportConnection) {
            self.far = far
        }

        func receive() async throws -> TransportInput {
            if let piece = nextPiece() { return .output(piece) }
            guard case .output(let bytes) = try await far.receive() else { return .end(.code(0)) }
            rest.withLock { $0 = bytes[...] }
            return .output(nextPiece() ?? [])
        }

        func send(_ bytes: [UInt8]) async throws {
            try await withTaskExecutorPreference(globalConcurrentExecutor) { try await self.far.send(bytes) }
        }

        private func nextPiece() -> [UInt8]? {
            rest.withLock { rest in
                guard !rest.isEmpty else { return nil }
                defer { rest = rest.dropFirst(8 << 10) }
                return Array(rest.prefix(8 << 10))
            }
        }
    }

    /// Reads what it is shown, as a screen and a recording do.
    private final class Reader: SessionObserver {
        let count = Mutex(0)

        func observe(_ event: SessionEvent, at moment: RunMoment) async {
            guard let text = event.consoleText else { return }
            let read = text.utf8.reduce(0) { count, byte in byte == UInt8(ascii: "x") ? count + 1 : count }
            count.withLock { $0 += read }
        }

        func observe(diagnostics: String, at moment: RunMoment) async {}

        func observe(banner: String, at moment: RunMoment) async {}
        func observe(trace line: String, at moment: RunMoment) {}

        func ask(_ question: Question) async -> String? { nil }
    }

    @Test("A value of two megabytes is decoded, shown and read without stopping the target's loop")
    func largeValue() async throws {
        let group = try TestLoops.makeGroup(count: 1)
        let loop = group.loops[0]
        let clock = RunClock()
        let heartbeat = Heartbeat(clock, on: loop)
        let value = String(repeating: "x", count: 2_000_000)
        let plan = TargetPlan(
            transport: PiecewiseTransport(far: MemoryTransport(answer: { $0 == "large" ? [value] : [$0] })),
            playbook: try Playbook(bytes: Array("small\nlarge\nsmall".utf8)),
            options: SessionOptions(target: "web01", label: "web01", computerName: "web01")
        )
        let reader = Reader()
        let driver = TargetDriver(plan, clock: clock, heartbeat: heartbeat, control: RunControl(), observer: reader)
        let pulse = heartbeat.begin()
        let result = await withTaskExecutorPreference(loop.taskExecutor) { await driver.run() }
        pulse.cancel()
        await group.close()
        #expect(result.outcome == .ok)
        #expect(result.steps.map(\.outcome) == [.ok, .ok, .ok])
        #expect(reader.count.withLock { $0 } == 2_000_000)
    }
}
