import Synchronization

/// What is made once, when the first of many needs it, and shared by all of them: its failure as well.
package final class MadeOnce<Value: Sendable>: Sendable {
    private let make: @Sendable () async throws -> Value
    private let made = Mutex<Task<Value, any Error>?>(nil)

    /// - Parameter make: may take its time, and blocks no loop: what may block is done in a lane.
    package init(_ make: @escaping @Sendable () async throws -> Value) {
        self.make = make
    }

    func value() async throws -> Value {
        let task = made.withLock { made in
            let task = made ?? Task { [make] in try await make() }
            made = task
            return task
        }
        return try await task.value
    }
}
