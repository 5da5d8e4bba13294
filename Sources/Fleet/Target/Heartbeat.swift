package import Connections
package import EventLoops
package import Sessions
import Synchronization

/// One beat, twenty times a second, for every target that is under way on one loop: each looks at its clocks, and only one
/// for which something is due is woken. Each loop has its own, on its own thread: nobody's clock waits for another loop.
package final class Heartbeat: Sendable {
    /// How often the clocks are looked at.
    private static let interval = Duration.milliseconds(50)

    private let clock: RunClock
    private let loop: EventLoop
    private let checks = Mutex<[ObjectIdentifier: @Sendable (RunMoment) -> Void]>([:])

    package init(_ clock: RunClock, on loop: EventLoop) {
        self.clock = clock
        self.loop = loop
    }

    /// Begins to beat, until the pulse is cancelled.
    func begin() -> Pulse {
        Pulse(every: Self.interval, on: loop) { self.beat() }
    }

    /// Has `check` called at each beat, and keeps it, until `owner` is removed. It must not wait.
    package func add(_ owner: AnyObject, _ check: @escaping @Sendable (RunMoment) -> Void) {
        checks.withLock { $0[ObjectIdentifier(owner)] = check }
    }

    package func remove(_ owner: AnyObject) {
        checks.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(owner)) }
    }

    private func beat() {
        let now = clock.now
        for check in checks.withLock({ Array($0.values) }) { check(now) }
    }
}
