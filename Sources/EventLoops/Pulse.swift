import Synchronization

/// Calls an action on a loop's thread once an interval, until it is cancelled.
package final class Pulse: Sendable {
    private let loop: EventLoop
    private let interval: Duration
    private let action: @Sendable () -> Void
    private let isCancelled = Atomic(false)

    package init(every interval: Duration, on loop: EventLoop, _ action: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.interval = interval
        self.action = action
        loop.submit { self.rest() }
    }

    /// From any thread; a call that is under way there is finished.
    package func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    private func rest() {
        _ = loop.schedule(at: .now + interval) { self.beat() }
    }

    private func beat() {
        guard !isCancelled.load(ordering: .relaxed) else { return }
        action()
        rest()
    }
}
