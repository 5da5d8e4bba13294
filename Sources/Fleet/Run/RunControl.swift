package import Sessions
import Synchronization

/// The wish to end a run early: told once, seen by every target within a twentieth of a second.
package final class RunControl: Sendable {
    private struct Wishes {
        var stop: StopReason?
        var endAfterSteps: TargetFailure?
    }

    private let wishes = Mutex(Wishes())

    package init() {}

    /// Ends every target's run; the first reason stays.
    package func stop(_ wish: StopReason) {
        wishes.withLock { $0.stop = $0.stop ?? wish }
    }

    /// Lets each target's step that is under way end, and no other begin.
    package func endAfterSteps(_ reason: TargetFailure) {
        wishes.withLock { $0.endAfterSteps = $0.endAfterSteps ?? reason }
    }

    package var endReason: TargetFailure? { wishes.withLock { $0.endAfterSteps } }

    package var stopReason: StopReason? { wishes.withLock { $0.stop } }

    /// Whether there is any wish.
    var isEnding: Bool { wishes.withLock { $0.stop != nil || $0.endAfterSteps != nil } }
}
