import PSRP

/// A step that is under way.
struct OpenStep {
    var result: StepResult
    /// On the elapsed clock.
    let began: Duration
    /// An error record or an error line came.
    var sawError = false
    /// What ended its pipeline, where something did.
    var failure: ErrorRecord?
    /// Whether the console shows something of the failure.
    var hasShownFailure = false

    /// The outcome, once `$?` is known or never will be.
    var finalOutcome: StepOutcome {
        guard result.outcome == .ok else { return result.outcome }
        return sawError || result.succeeded == false ? .error : .ok
    }
}
