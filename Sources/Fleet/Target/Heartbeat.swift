import EventLoops
package import Sessions
import Synchronization

/// One beat, twenty times a second, for every target that is under way: each looks at its clocks, and only one for which
/// something is due is woken.
package final class Heartbeat: Sendable {
    /// How often the clocks are looked at.
    private static let interval = Duration.milliseconds(50)

    private let clock: RunClock
    private let checks = Mutex<[ObjectIdentifier: @Sendable (RunMoment) -> Void]>([:])

    package init(_ clock: RunClock) {
        self.clock = clock
    }

    /// Beats for as long as `body` runs.
    package func during<Result>(_ body: () async -> Result) async -> Result {
        let pulse = Pulse(every: Self.interval) { self.beat() }
        defer { pulse.cancel() }
        return await body()
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
