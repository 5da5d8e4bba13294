import Synchronization

/// What a loop has read for a connection and its receiver has not taken yet.
///
/// Bounded: once `highWater` bytes wait, the loop is told to stop reading, and is called when there is room again.
final class Inbox: Sendable {
    fileprivate struct State {
        var inputs: [TransportInput] = []
        var bytes = 0
        var isFull = false
        var end: Result<ExitStatus, any Error>?
        var waiter: CheckedContinuation<TransportInput, any Error>?
        var isCancelled = false
        var onRoom: (@Sendable () -> Void)?
    }

    static let highWater = 512 << 10

    private let state = Mutex(State())

    /// What to call, from any thread, when a full inbox has room again.
    func whenRoom(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onRoom = action }
    }

    var isFull: Bool { state.withLock { $0.isFull } }

    /// Leaves bytes for the receiver. False where no more may be read until there is room.
    @discardableResult
    func deliver(_ input: TransportInput) -> Bool {
        let (waiter, hasRoom) = state.withLock { state -> (CheckedContinuation<TransportInput, any Error>?, Bool) in
            guard state.end == nil else { return (nil, true) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, true)
            }
            state.bytes += input.byteCount
            state.inputs.appendMerging(input)
            state.isFull = state.bytes >= Self.highWater
            return (nil, !state.isFull)
        }
        waiter?.resume(returning: input)
        return hasRoom
    }

    /// Ends the connection: told after what waits was taken, and then again to whoever asks. The first end stands.
    func end(_ end: Result<ExitStatus, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<TransportInput, any Error>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: end.map { .end($0) })
    }

    func receive() async throws -> TransportInput {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, onRoom) = state.withLock { state in
                    let (result, hasRoomAgain) = state.take(or: continuation)
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
}

extension Inbox.State {
    /// What the receiver gets at once, or nil where its continuation now waits; and whether a full inbox
    /// has room again.
    fileprivate mutating func take(
        or continuation: CheckedContinuation<TransportInput, any Error>
    ) -> (Result<TransportInput, any Error>?, Bool) {
        if isCancelled { return (.failure(CancellationError()), false) }
        if let first = inputs.first {
            inputs.removeFirst()
            bytes -= first.byteCount
            let hasRoomAgain = isFull && bytes < Inbox.highWater / 2
            if hasRoomAgain { isFull = false }
            return (.success(first), hasRoomAgain)
        }
        if let end { return (end.map { .end($0) }, false) }
        waiter = continuation
        return (nil, false)
    }
}

extension TransportInput {
    fileprivate var byteCount: Int {
        switch self {
        case .output(let bytes), .diagnostics(let bytes): bytes.count
        case .end: 0
        }
    }
}

extension [TransportInput] {
    /// Bytes of one stream that wait together are taken together, a chunk of 64 KiB at most.
    fileprivate mutating func appendMerging(_ input: TransportInput) {
        switch (last, input) {
        case (.output(var waiting)?, .output(let bytes)) where waiting.count < 64 << 10:
            removeLast()
            waiting += bytes
            append(.output(waiting))
        case (.diagnostics(var waiting)?, .diagnostics(let bytes)) where waiting.count < 64 << 10:
            removeLast()
            waiting += bytes
            append(.diagnostics(waiting))
        default:
            append(input)
        }
    }
}
