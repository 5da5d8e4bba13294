import Synchronization
import Testing

@testable import WSManTransport

@Suite struct MadeOnceTests {
    private struct Failure: Error {}

    @Test("What many need at once, and others later, is made once, or fails once for all", arguments: [false, true])
    func once(fails: Bool) async throws {
        let count = Mutex(0)
        let shared = MadeOnce {
            count.withLock { $0 += 1 }
            try await Task.sleep(for: .milliseconds(20))
            if fails { throw Failure() }
            return 7
        }
        @Sendable func isRight() async -> Bool {
            do { return try await shared.value() == 7 && !fails } catch { return fails && error is Failure }
        }
        let right = await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { await isRight() } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 20)
        #expect(await isRight())
        #expect(count.withLock { $0 } == 1)
    }
}
