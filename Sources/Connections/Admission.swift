package import Scheduling
import Synchronization

/// Lets connections begin, so many to each server at a time as it has shown to take (see `AdmissionQueue`).
package final class Admission: Sendable {
    private struct State {
        /// Who waits is told its place, or nil once it is cancelled.
        var queue = AdmissionQueue<CheckedContinuation<AdmissionPlace?, Never>>()
        var nextNumber = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Waits until one more connection to that server may begin; first come, first served.
    /// - Parameter server: its address and port.
    /// - Throws: CancellationError.
    package func begin(_ server: String) async throws -> AdmissionPlace {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let place = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (place, isWaiting) = state.withLock { state -> (AdmissionPlace?, Bool) in
                    guard !Task.isCancelled else { return (nil, false) }
                    let place = state.queue.enter(server)
                    if place == nil { state.queue.wait(for: server, as: number, continuation) }
                    return (place, place == nil)
                }
                if !isWaiting { continuation.resume(returning: place) }
            }
        } onCancel: {
            state.withLock { $0.queue.giveUp(number) }?.resume(returning: nil)
        }
        guard let place else { throw CancellationError() }
        return place
    }

    /// The connection has got beyond the login, or has ended before.
    package func finish(_ place: AdmissionPlace, _ end: AdmissionEnd) {
        for one in state.withLock({ $0.queue.leave(place, end) }) { one.waiter.resume(returning: one.place) }
    }
}
