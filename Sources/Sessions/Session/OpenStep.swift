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
    private var isOutputCut = false

    init(result: StepResult, began: Duration) {
        self.result = result
        self.began = began
    }

    /// What the console shows belongs to the step's result, up to a bound: the rest is for the recording alone.
    mutating func note(_ text: String) {
        guard !isOutputCut else { return }
        let room = StepResult.outputBytes - result.output.utf8.count
        guard text.utf8.count > room else {
            result.output += text
            return
        }
        isOutputCut = true
        result.output += String(decoding: text.utf8.prefix(room), as: UTF8.self)
        result.output += "\n[psrun: a step's result keeps \(StepResult.outputBytes >> 20) MiB of its output]\n"
    }

    /// The outcome, once `$?` is known or never will be.
    var finalOutcome: StepOutcome {
        guard result.outcome == .ok else { return result.outcome }
        return sawError || result.succeeded == false ? .error : .ok
    }
}
