import Synchronization

/// A value that comes once, waited for by one task; what comes after the first is dropped.
///
/// Who waits may be freed by a failure (a deadline, a cancellation) while the call it waited for still runs.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case kept(Result<Value, any Error>)
        case taken
    }

    private let state = Mutex(State.open)

    package init() {}

    package func succeed(_ value: Value) { keep(.success(value)) }
    package func fail(_ error: any Error) { keep(.failure(error)) }

    package func keep(_ result: Result<Value, any Error>) {
        let waiting: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .open:
                state = .kept(result)
                return nil
            case .awaited(let continuation):
                state = .taken
                return continuation
            case .kept, .taken:
                return nil
            }
        }
        waiting?.resume(with: result)
    }

    /// Waits for the value; called once.
    package func value(isolation: isolated (any Actor)? = #isolation) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value, any Error>? = state.withLock { state in
                if case .kept(let result) = state {
                    state = .taken
                    return result
                }
                state = .awaited(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
