package import EventLoops
import Files
import Synchronization
import Testing

/// Loops for tests, shared by those of one process. A piece of work that takes more than 20 ms of a loop's thread fails the
/// test that it was done for, by its name.
package enum TestLoops {
    /// As much as nobody else on a loop notices.
    private static let limit = Duration.milliseconds(20)
    /// The newest test on each loop.
    private static let tests = Mutex<[String: String]>([:])
    private static let group = Mutex<LoopGroup?>(nil)
    private static let given = Atomic(0)

    /// A loop for the test that asks: each in its turn, so that tests meet more than one.
    /// - Throws: NoDescriptor.
    package static func next() throws -> EventLoop {
        let group = try group.withLock { group in
            let known = try group ?? makeGroup(count: 2) { name in tests.withLock { $0[name] } }
            group = known
            return known
        }
        let loop = group.loops[given.wrappingAdd(1, ordering: .relaxed).oldValue % group.loops.count]
        let test = Test.current?.name
        tests.withLock { $0[loop.name] = test }
        return loop
    }

    /// A group of a test's own, which closes it.
    /// - Throws: NoDescriptor.
    package static func makeGroup(count: Int) throws -> LoopGroup {
        let test = Test.current?.name
        return try makeGroup(count: count) { _ in test }
    }

    private static func makeGroup(count: Int, test: @escaping @Sendable (String) -> String?) throws -> LoopGroup {
        let stalls = StallObserver(limit: limit) { stall in
            Issue.record("\(test(stall.loop) ?? "a test"): \(stall)")
        }
        return try LoopGroup(count: count, name: "test-loop", stalls: stalls)
    }
}
