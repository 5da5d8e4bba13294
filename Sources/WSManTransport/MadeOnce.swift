import Synchronization

/// What is made once, when the first of many needs it, and shared by all of them: its failure as well.
package final class MadeOnce<Value: Sendable>: Sendable {
    private enum State {
        case making(Task<Value, any Error>)
        /// The task that made it is gone, and with it the memory of its calls.
        case made(Result<Value, any Error>)
    }

    private let make: @Sendable () async throws -> Value
    private let state = Mutex<State?>(nil)

    /// - Parameter make: may take its time, and blocks no loop: what may block is done in a lane.
    package init(_ make: @escaping @Sendable () async throws -> Value) {
        self.make = make
    }

    func value() async throws -> Value {
        switch begun() {
        case .made(let result): return try result.get()
        case .making(let task):
            let result = await task.result
            state.withLock { $0 = .made(result) }
            return try result.get()
        }
    }

    private func begun() -> State {
        state.withLock { state in
            let begun = state ?? .making(Task { [make] in try await make() })
            state = begun
            return begun
        }
    }
}
