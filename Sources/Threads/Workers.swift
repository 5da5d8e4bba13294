import Glibc
import Synchronization

/// Spreads jobs that compute and read over threads, one for each processor.
package enum Workers {
    /// Gives out the jobs' numbers.
    private final class Jobs: Sendable {
        private let given = Atomic(0)
        private let count: Int

        init(_ count: Int) {
            self.count = count
        }

        func next() -> Int? {
            let job = given.wrappingAdd(1, ordering: .relaxed).oldValue
            return job < count ? job : nil
        }
    }

    /// Calls `body` once for each number below `count`, on this thread and on others; what `makeTool` makes belongs to one
    /// of them alone.
    /// - Returns: what `body` returned, in the order of the numbers.
    package static func map<Tool: SendableMetatype, Value: Sendable>(
        _ count: Int,
        with makeTool: @escaping @Sendable () -> Tool,
        _ body: @escaping @Sendable (Int, Tool) -> Value
    ) -> [Value] {
        let jobs = Jobs(count)
        let work: @Sendable () -> [(Int, Value)] = {
            let tool = makeTool()
            var values: [(Int, Value)] = []
            while let job = jobs.next() { values.append((job, body(job, tool))) }
            return values
        }
        let helpers = min(count, sysconf(Int32(_SC_NPROCESSORS_ONLN)), 16) - 1
        let threads = (0..<max(0, helpers)).map { _ in JoinedThread(work) }
        let values = work() + threads.flatMap { $0.value() }
        return values.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
