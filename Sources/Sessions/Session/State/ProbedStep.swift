import CLIXML

/// A step whose line has ended, while the far side is asked what it left behind.
struct ProbedStep: Sendable {
    /// What asks for `$?`, `$LASTEXITCODE` and the prompt without leaving a trace. It calls no command but `prompt`, so
    /// that nothing a playbook names can disturb it.
    static var script: PSString {
        "$?; [string]$ExecutionContext.SessionState.PSVariable.GetValue('global:LASTEXITCODE'); prompt"
    }

    /// What came of the question.
    struct Answer: Sendable {
        let succeeded: Bool
        let lastExitCode: Int?
        /// nil where the question failed on its way to it.
        let prompt: NextPrompt?
    }

    var step: EndedStep
    var prompt = NextPrompt()
    var outputs = PipelineOutputs()

    init(_ step: EndedStep) {
        self.step = step
    }

    /// nil where not even `$?` came.
    func answered(isComplete: Bool) -> Answer? {
        guard let succeeded = outputs.values.first?.boolValue else { return nil }
        let isWhole = outputs.values.count >= 2
        return Answer(
            succeeded: succeeded,
            lastExitCode: isWhole ? outputs.values[1].text.flatMap { Int($0) } : nil,
            prompt: isWhole ? prompt.said(outputs.values.dropFirst(2), isComplete: isComplete) : nil
        )
    }
}
