import Synchronization

/// What an inbox takes: pieces of streams, some of which may be joined, and ends.
package protocol InboxInput: Sendable {
    /// How much of an inbox's room it takes; 0 for what is not data.
    var byteCount: Int { get }
    /// Takes the next piece in, behind its own bytes; false where they are of different streams, or enough as they are.
    mutating func join(_ next: Self) -> Bool
}

/// What a loop has read for a connection and its receiver has not taken yet.
///
/// Bounded: once `highWater` bytes wait, the loop is told to stop reading, and is called when there is room again.
package final class Inbox<Input: InboxInput>: Sendable {
    private struct State {
        var inputs: [Input] = []
        var bytes = 0
        var isFull = false
        var end: Result<Input, any Error>?
        var waiter: CheckedContinuation<Input, any Error>?
        var isCancelled = false
        var onRoom: (@Sendable () -> Void)?
    }

    private static var highWater: Int { 512 << 10 }

    private let state = Mutex(State())

    package init() {}

    /// What to call, from any thread, when a full inbox has room again.
    package func whenRoom(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onRoom = action }
    }

    package var isFull: Bool { state.withLock { $0.isFull } }

    /// Leaves bytes for the receiver. False where no more may be read until there is room.
    @discardableResult
    package func deliver(_ input: Input) -> Bool {
        let (waiter, hasRoom) = state.withLock { state -> (CheckedContinuation<Input, any Error>?, Bool) in
            guard state.end == nil else { return (nil, true) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, true)
            }
            state.bytes += input.byteCount
            Self.append(input, to: &state.inputs)
            state.isFull = state.bytes >= Self.highWater
            return (nil, !state.isFull)
        }
        waiter?.resume(returning: input)
        return hasRoom
    }

    /// Ends the connection: told after what waits was taken, and then again to whoever asks. The first end stands.
    package func end(_ end: Result<Input, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Input, any Error>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: end)
    }

    package func receive() async throws -> Input {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, onRoom) = state.withLock { state in
                    let (result, hasRoomAgain) = Self.take(from: &state, or: continuation)
                    return (result, hasRoomAgain ? state.onRoom : nil)
                }
                if let result { continuation.resume(with: result) }
                onRoom?()
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.isCancelled = true
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// What the receiver gets at once, or nil where its continuation now waits; and whether a full inbox
    /// has room again.
    private static func take(
        from state: inout State,
        or continuation: CheckedContinuation<Input, any Error>
    ) -> (Result<Input, any Error>?, Bool) {
        if state.isCancelled { return (.failure(CancellationError()), false) }
        if let first = state.inputs.first {
            state.inputs.removeFirst()
            state.bytes -= first.byteCount
            let hasRoomAgain = state.isFull && state.bytes < highWater / 2
            if hasRoomAgain { state.isFull = false }
            return (.success(first), hasRoomAgain)
        }
        if let end = state.end { return (end, false) }
        state.waiter = continuation
        return (nil, false)
    }

    /// Bytes of one stream that wait together are taken together.
    private static func append(_ input: Input, to inputs: inout [Input]) {
        if !inputs.isEmpty, inputs[inputs.count - 1].join(input) { return }
        inputs.append(input)
    }
}
