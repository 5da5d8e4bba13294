package import Sessions
import Synchronization

/// The wish to end a run early: told once, seen by every target within a twentieth of a second.
package final class RunControl: Sendable {
    private let reason = Mutex<StopReason?>(nil)
    private let lastWord = Mutex<TargetFailure?>(nil)

    package init() {}

    /// Ends every target's run; the first reason stays.
    package func stop(_ wish: StopReason) {
        reason.withLock { $0 = $0 ?? wish }
    }

    /// Lets each target's step that is under way end, and no other begin.
    package func endAfterSteps(_ reason: TargetFailure) {
        lastWord.withLock { $0 = $0 ?? reason }
    }

    package var endReason: TargetFailure? { lastWord.withLock { $0 } }

    package var stopReason: StopReason? { reason.withLock { $0 } }
}
