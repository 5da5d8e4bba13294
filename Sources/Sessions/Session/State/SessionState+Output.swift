import CLIXML
import PSRP

/// What the far side puts out: told, and kept where it belongs.
///
/// What comes while a step's line runs is the step's, and so is what comes while its probe, a prompt behind it or the close
/// runs: an event's action writes when it likes. Where the step's result has been told by then, the text is given back.
extension SessionState {
    /// Takes an object of the pipeline's output.
    /// - Throws: `.limit` where a question is answered with too much.
    mutating func take(output value: PSValue, telling events: inout EventQueue) throws(PSRPError) {
        switch self {
        case .line, .rendering:
            events.append(.record(.output(value)))
            _ = show(ValueText.text(of: value) + "\n", telling: &events)
        case .prompt, .probe, .metadata: try keep(value)
        case .connecting, .recording, .announced, .closing, .finished: break
        }
    }

    /// Takes an error record of the pipeline.
    mutating func take(error: ErrorRecord, telling events: inout EventQueue) {
        switch self {
        case .line, .rendering:
            events.append(.record(.error(error)))
            noteError()
            _ = show(error.message + "\n", telling: &events)
        case .metadata: noteMissingCommand()
        // A prompt function's error, which no console shows.
        case .prompt, .probe: events.append(.record(.error(error)))
        case .connecting, .recording, .announced, .closing, .finished: break
        }
    }

    /// Takes a host call that wants no answer from a person.
    /// - Returns: as `show`.
    mutating func take(_ call: HostCall, telling events: inout EventQueue) -> String? {
        guard let text = HostCallText.text(of: call) else {
            // Progress comes as a record as well.
            guard call.method != .writeProgress else { return nil }
            let parameters = call.parameters.map(ValueText.text(of:)).joined(separator: " ")
            events.append(.record(.hostCall(call.method, parameters)))
            return nil
        }
        if call.method == .writeErrorLine {
            noteError()
            events.append(.record(.errorLine(call.parameters.first?.text ?? "")))
        }
        noteRendering()
        return show(text, telling: &events)
    }

    /// Shows text at the console: as part of the step or, before the first one, of its prompt.
    /// - Parameter event: what tells of it where it is a step's; nil for plain text.
    /// - Returns: what belongs to a step whose result was told before; nil for nothing.
    mutating func show(_ text: String, as event: SessionEvent? = nil, telling events: inout EventQueue) -> String? {
        guard !text.isEmpty else { return nil }
        let place = write(text)
        switch place {
        case .step, .earlierStep: events.append(event ?? .text(text))
        case .prompt, .nowhere: break
        }
        return place == .earlierStep ? text : nil
    }
}

/// Changes of what a state holds.
///
/// Each takes the data out of the state, which is `.finished` meanwhile, so that nothing is copied: a step's output may
/// have megabytes, and grows line by line.
extension SessionState {
    private enum Place {
        case step
        /// A step whose result was told.
        case earlierStep
        /// What stands before the first prompt.
        case prompt
        case nowhere
    }

    /// Takes text that a console shows.
    /// - Returns: whose it is.
    private mutating func write(_ text: String) -> Place {
        switch self {
        case .line(let pipeline, var step):
            self = .finished
            step.write(text)
            self = .line(pipeline, step)
        case .rendering(let pipeline, var rendered):
            self = .finished
            rendered.step.write(text)
            self = .rendering(pipeline, rendered)
        case .metadata(let pipeline, var survey):
            self = .finished
            survey.step.write(text)
            self = .metadata(pipeline, survey)
        case .connecting(var connecting):
            self = .finished
            connecting.prompt.write(text)
            self = .connecting(connecting)
            return .prompt
        case .prompt(let pipeline, var asked):
            self = .finished
            asked.prompt.write(text)
            self = .prompt(pipeline, asked)
            return asked.prompt.isFirst ? .prompt : .earlierStep
        case .probe(let pipeline, var probed):
            self = .finished
            probed.step.write(text)
            probed.prompt.write(text)
            self = .probe(pipeline, probed)
        case .recording, .announced, .closing: return .earlierStep
        case .finished: return .nowhere
        }
        return .step
    }

    /// Takes what a pipeline that is not a step's put out.
    private mutating func keep(_ value: PSValue) throws(PSRPError) {
        switch self {
        case .prompt(let pipeline, var asked):
            self = .finished
            defer { self = .prompt(pipeline, asked) }
            try asked.outputs.append(value)
        case .metadata(let pipeline, var survey):
            self = .finished
            defer { self = .metadata(pipeline, survey) }
            try survey.outputs.append(value)
        case .probe(let pipeline, var probed):
            self = .finished
            defer { self = .probe(pipeline, probed) }
            try probed.outputs.append(value)
        case .connecting, .line, .rendering, .recording, .announced, .closing, .finished: break
        }
    }

    /// An error record or an error line came, which makes a step an error.
    private mutating func noteError() {
        switch self {
        case .line(let pipeline, var step):
            self = .finished
            step.sawError = true
            self = .line(pipeline, step)
        case .rendering(let pipeline, var rendered):
            self = .finished
            rendered.step.sawError = true
            self = .rendering(pipeline, rendered)
        case .metadata(let pipeline, var survey):
            self = .finished
            survey.step.sawError = true
            self = .metadata(pipeline, survey)
        case .connecting, .prompt, .probe, .recording, .announced, .closing, .finished: break
        }
    }

    /// The console shows something while what ended the line is rendered.
    private mutating func noteRendering() {
        guard case .rendering(let pipeline, var rendered) = self else { return }
        self = .finished
        rendered.isFailureShown = true
        self = .rendering(pipeline, rendered)
    }

    /// The question for commands brought an error.
    private mutating func noteMissingCommand() {
        guard case .metadata(let pipeline, var survey) = self else { return }
        self = .finished
        survey.hasFailed = true
        self = .metadata(pipeline, survey)
    }
}
