import PSRP

/// A step whose line failed, while the far side shows the failure as the real client has it shown (client/errors).
struct RenderedStep: Sendable {
    var step: EndedStep
    let failure: ErrorRecord
    /// Whether the console shows something of the failure.
    var isFailureShown = false

    init(_ step: EndedStep, failedBy failure: ErrorRecord) {
        self.step = step
        self.failure = failure
    }
}

/// The first step, whose line failed for want of Out-Default, while the far side is asked for the commands that it has.
struct CommandSurvey: Sendable {
    /// What a session must have, so that lines can be sent to it and shown.
    static let names = ["Out-Default", "Exit-PSSession"]

    var step: EndedStep
    let failure: ErrorRecord
    var outputs = PipelineOutputs()
    /// An error record came: for a command that there is not.
    var hasFailed = false

    init(_ step: EndedStep, failedBy failure: ErrorRecord) {
        self.step = step
        self.failure = failure
    }

    /// Whether an error says that Out-Default is missing.
    static func isWanted(for error: ErrorRecord) -> Bool {
        error.reason == "CommandNotFoundException" && error.message.contains("'Out-Default'")
    }

    /// Whether all commands are there: one object with the count, and one for each.
    func foundAll(isComplete: Bool) -> Bool {
        isComplete && outputs.values.count > Self.names.count && !hasFailed
    }
}
