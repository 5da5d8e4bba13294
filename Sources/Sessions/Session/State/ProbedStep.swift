import CLIXML

/// A step whose line has ended, while the far side is asked what it left behind.
struct ProbedStep: Sendable {
    /// What asks for `$?`, `$LASTEXITCODE` and the prompt without leaving a trace (server/probe).
    static var script: PSString {
        "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"
    }

    var step: EndedStep
    var prompt = NextPrompt()
    var outputs = PipelineOutputs()

    init(_ step: EndedStep) {
        self.step = step
    }

    /// The step's result and the prompt behind it; nil where the probe did not work.
    func answered(isComplete: Bool) -> (result: StepResult, prompt: NextPrompt)? {
        guard outputs.values.count >= 2, let succeeded = outputs.values[0].boolValue else { return nil }
        let lastExitCode = outputs.values[1].text.flatMap { Int($0) }
        let prompt = prompt.said(outputs.values.dropFirst(2), isComplete: isComplete)
        return (step.result(succeeded: succeeded, lastExitCode: lastExitCode), prompt)
    }
}
