import PSRP

/// What goes on once something is recorded.
extension SessionMachine {
    /// The step that `.stepEnded` told of is on disk, or never will be.
    mutating func stepIsRecorded(_ client: inout some SessionClient) {
        switch state {
        case .recording(let prompt): goOn(behind: prompt, isStepRecorded: true, &client)
        case .prompt(let pipeline, var asked):
            asked.isStepRecorded = true
            state = .prompt(pipeline, asked)
        case .connecting, .line, .rendering, .metadata, .probe, .announced, .closing, .finished: break
        }
    }

    /// The text that `.input` told of is on disk, or never will be.
    mutating func textIsRecorded(_ client: inout some SessionClient) {
        guard case .announced(let step) = state else { return }
        guard verdict.takesMoreSteps else {
            tell(step.text.notSent)
            return close(&client)
        }
        state = .line(RunningPipeline(send(step.text, &client)), step)
    }
}
