import Glibc
import Recording
import Synchronization

/// Spreads jobs that compute and read over threads of their own, one for each processor.
enum Workers {
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

    /// Calls `body` once for each number below `count`; what `makeTool` makes belongs to one worker alone.
    /// - Returns: what `body` returned, in the order of the numbers.
    static func map<Tool: SendableMetatype, Value: Sendable>(
        _ count: Int,
        with makeTool: @escaping @Sendable () -> Tool,
        _ body: @escaping @Sendable (Int, Tool) -> Value
    ) async -> [Value] {
        let jobs = Jobs(count)
        let processors = max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 16))
        let values = await withTaskGroup(of: [(Int, Value)].self) { group in
            for _ in 0..<min(count, processors) {
                group.addTask {
                    await onOwnThread {
                        let tool = makeTool()
                        var values: [(Int, Value)] = []
                        while let job = jobs.next() { values.append((job, body(job, tool))) }
                        return values
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        return values.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
