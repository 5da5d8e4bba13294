import Synchronization

/// What a connection has to send and its loop has not written yet.
///
/// Bounded: a sender waits while `highWater` bytes or more are before it.
package final class Outbox: Sendable {
    fileprivate struct State {
        var chunks: [ArraySlice<UInt8>] = []
        var bytes = 0
        var isScheduled = false
        var failure: (any Error)?
        var waiters: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        var lastWaiter: UInt64 = 0
        var onWork: (@Sendable () -> Void)?
    }

    static let highWater = 256 << 10

    private let state = Mutex(State())

    package init() {}

    /// What to call, from any thread, when there is something to write and the loop does not know it.
    package func whenWork(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onWork = action }
    }

    package func send(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        let (mustWait, onWork) = try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.chunks.append(bytes[...])
            state.bytes += bytes.count
            defer { state.isScheduled = true }
            return (state.bytes >= Self.highWater, state.isScheduled ? nil : state.onWork)
        }
        onWork?()
        if mustWait { try await waitForRoom() }
    }

    // MARK: On the loop

    /// Hands the first chunk to `write`, which says how many bytes it took, until it takes less than it could.
    /// - Returns: whether nothing is left.
    package func drain(_ write: (ArraySlice<UInt8>) throws -> Int) rethrows -> Bool {
        while let chunk = state.withLock({ state in state.chunks.first }) {
            let taken = try write(chunk)
            let waiters = state.withLock { state in state.drop(taken) }
            for waiter in waiters { waiter.resume() }
            if taken < chunk.count { return false }
        }
        // Between the look above and this one a sender may have come who saw `isScheduled`.
        return state.withLock { state in
            state.isScheduled = !state.chunks.isEmpty
            return state.chunks.isEmpty
        }
    }

    /// Everything that waits is dropped, and whoever sends or waits is told why.
    package func fail(_ error: any Error) {
        let waiters = state.withLock { state in
            state.failure = state.failure ?? error
            state.chunks = []
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }

    private func waitForRoom() async throws {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if let failure = state.failure { return .failure(failure) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.bytes < Self.highWater { return .success(()) }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}

extension Outbox.State {
    /// Takes written bytes off the first chunk; who may go on, where there is room again.
    fileprivate mutating func drop(_ count: Int) -> [CheckedContinuation<Void, any Error>] {
        bytes -= count
        if let first = chunks.first, count < first.count {
            chunks[0] = first.dropFirst(count)
        } else if !chunks.isEmpty {
            chunks.removeFirst()
        }
        guard bytes < Outbox.highWater, !waiters.isEmpty else { return [] }
        defer { waiters = [] }
        return waiters.map(\.continuation)
    }
}
