package import EventLoops

/// Calls an action on a loop once a deadline has passed. Confined to the loop.
package final class DeadlineTimer {
    private let deadline: ConnectingDeadline
    private let loop: EventLoop
    private let action: () -> Void
    private var timer: TimerToken?

    /// While a person is asked nobody can tell when that ends: the clock is looked at this often.
    private static let glance = Duration.milliseconds(20)

    package init(_ deadline: ConnectingDeadline, on loop: EventLoop, _ action: @escaping () -> Void) {
        self.deadline = deadline
        self.loop = loop
        self.action = action
        look(in: deadline.left)
    }

    package func cancel() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    private func look(in delay: Duration) {
        timer = loop.schedule(at: .now + delay) { [weak self] in self?.isDue() }
    }

    private func isDue() {
        timer = nil
        let left = deadline.left
        guard left > .zero else { return action() }
        look(in: max(left, Self.glance))
    }
}
