import CLIXML
import PSRP
import Playbooks

/// The state machine of a playbook's session: what comes in is told to it, and it decides what is sent next.
///
/// A real server runs one pipeline at a time, and a line must not be sent before it is known what became of the one before
/// it. So there is one state, which names the pipeline that is waited for and holds what has come of it, and a transition
/// is made where that pipeline ends. What holds in every state stands beside it: the clock, the steps to come, and what the
/// session has come to so far.
///
/// Its own part is the order of things. It tells by `emit`, and sends by the client that a caller lends it; the caller drains
/// the client's events after each call that may have brought some.
struct SessionMachine: Sendable {
    let options: SessionOptions
    var clock: SessionClock
    var state = SessionState.connecting(SessionState.Connecting())
    var source: StepSource
    var verdict: SessionVerdict
    /// What cuts the playbook; nil until that is known.
    private(set) var cutter: BlockCutter?
    private var events = EventQueue()
    /// Whether anything came of the pipeline that was created last, so that it ran.
    private var hasPipelineActed = false
    /// `$?` as it was last read; nil where it is not known.
    private var lastSucceeded: Bool?
    /// Whether it was told what ran in earlier runs.
    private var hasToldEarlier = false
    /// Whether it was told that `$?` is not known for every line.
    private var hasToldUnread = false

    init(_ source: StepSource, _ options: SessionOptions, at now: RunMoment) {
        self.source = source
        self.options = options
        clock = SessionClock(options.limits, at: now)
        verdict = SessionVerdict(keepsSteps: options.keepsSteps)
    }

    var isFinished: Bool { state.isFinished }

    /// The pipeline whose output and end are waited for.
    var pipeline: PipelineID? { state.pipeline }

    var isStopping: Bool { verdict.stopReason != nil }

    /// It is known what cuts the playbook.
    mutating func cuts(_ cutter: BlockCutter, _ blocks: [PlaybookBlock] = []) {
        self.cutter = cutter
        emit(.cut(cutter, blocks))
    }

    mutating func emit(_ event: SessionEvent) { events.append(event) }

    mutating func nextEvent() -> SessionEvent? { events.popFirst() }
}

// MARK: Before the pool is open

extension SessionMachine {
    mutating func connection(isIn phase: String) {
        guard case .connecting(var connecting) = state else { return }
        connecting.phase = phase
        state = .connecting(connecting)
    }

    mutating func open(by limit: OpeningLimit?) {
        guard case .connecting(var connecting) = state else { return }
        connecting.limit = limit
        state = .connecting(connecting)
    }

    mutating func farSide(speaks language: PlaybookLanguage) {
        guard case .connecting(var connecting) = state else { return }
        connecting.language = language
        state = .connecting(connecting)
    }
}

// MARK: What the far side puts out

extension SessionMachine {
    /// An object of the pipeline's output.
    mutating func took(output value: PSValue) {
        do throws(PSRPError) { try state.take(output: value, telling: &events) } catch { breakOff(error) }
    }

    /// An error record of the pipeline.
    mutating func took(error: ErrorRecord) {
        noteRefusedEntry(error.message)
        state.take(error: error, telling: &events)
    }

    /// A host call that wants no answer from a person.
    mutating func took(_ call: HostCall) {
        if call.method == .writeErrorLine { noteRefusedEntry(call.parameters.first?.text ?? "") }
        if let late = state.take(call, telling: &events) { verdict.add(late: late) }
    }

    /// Ends the run behind a step that was to enter another session, and did not: what follows is meant for that session.
    private mutating func noteRefusedEntry(_ words: String) {
        guard state.isShowingStep, let step = state.step, NestedSession.isRefused(in: words) else { return }
        verdict.cutsShort(.nestedSession(options.target, step.place))
    }

    /// The far side asks for the end of the session: SetShouldExit with a code, or PopRunspace.
    mutating func tookExit(_ call: HostCall) {
        switch state {
        // A question for commands runs nothing that could ask; and what is being closed need not end by itself.
        case .metadata, .closing, .finished: return
        case .connecting, .prompt, .line, .rendering, .probe, .recording, .announced: break
        }
        let code = call.method == .setShouldExit ? call.parameters.first?.int32Value : nil
        let reach: ExitReach = options.farEndpoint == .kept ? .visit : .session
        verdict.exits(code, leaveBy: clock.graceEnd, in: state.step?.place, reach: reach)
        emit(.record(.hostCall(call.method, code.map(String.init) ?? "")))
    }

    mutating func show(_ text: String) {
        if let late = state.show(text, telling: &events) { verdict.add(late: late) }
    }

    /// Something came of the pipeline that is waited for.
    mutating func pipelineActed() { hasPipelineActed = true }

    /// Shows what a console shows of an answer. What a person types while no step is running is shown by the terminal alone.
    mutating func show(_ answer: GivenAnswer) {
        guard !answer.isTyped || state.isShowingStep else { return }
        if let late = state.show(answer.shown, as: answer.event, telling: &events) { verdict.add(late: late) }
    }
}

// MARK: From step to step

extension SessionMachine {
    /// The pipeline that was waited for has ended.
    mutating func ended(_ end: PipelineState, _ error: ErrorRecord?, _ client: inout some SessionClient) {
        let isComplete = end == .completed
        switch state {
        case .prompt(let pipeline, let asked) where asked.isAskedForCut:
            cutEnded(asked, pipeline, error, isComplete: isComplete, &client)
        case .prompt(_, let asked):
            goOn(behind: asked.answered(isComplete: isComplete), isStepRecorded: asked.isStepRecorded, &client)
        case .line(let pipeline, let step):
            let refusal = end == .failed ? error?.refusal(hasOutput: hasPipelineActed) : nil
            if refusal == .incomplete, !isStopping, let growth = source.extend() {
                extend(step, by: growth, pipeline, &client)
            } else {
                if refusal != nil, let error { refused(step.text, error) }
                lineEnded(step, pipeline, end, error, &client)
            }
        case .rendering(let pipeline, let rendered):
            let step = rendered.isFailureShown ? rendered.step : showing(rendered.failure, rendered.step)
            lineIsOver(placing(rendered.failure, step), pipeline, &client)
        case .metadata(let pipeline, let survey):
            if survey.foundAll(isComplete: isComplete) {
                render(survey.failure, of: survey.step, pipeline, &client)
            } else {
                verdict.fails(.requiredCommandsMissing(options.target))
                lineIsOver(showing(survey.failure, survey.step), pipeline, &client)
            }
        case .probe(let pipeline, let probed):
            probeEnded(probed, pipeline, isComplete: isComplete, &client)
        case .connecting, .recording, .announced, .closing, .finished: break
        }
    }

    /// Sends the next step, or closes the session.
    mutating func goOn(
        behind prompt: NextPrompt,
        isStepRecorded: Bool,
        _ client: inout some SessionClient
    ) {
        guard verdict.takesMoreSteps else { return close(&client) }
        guard isStepRecorded else {
            state = .recording(prompt)
            return
        }
        if !hasToldEarlier {
            hasToldEarlier = true
            for result in source.takeEarlier() { tell(result) }
            if let block = source.straddling {
                verdict.fails(.startWithinBlock(options.target, block))
                return close(&client)
            }
        }
        guard let piece = source.next() else { return close(&client) }
        emit(.stepBegan(firstLine: piece.step.firstLine))
        let lineEnd = events.isAtLineStart || prompt.followsText ? "" : "\n"
        emit(.prompt(lineEnd + prompt.text(label: options.label)))
        emit(.input(piece.shown, isContinuation: false))
        let step = OpenStep(piece.step, began: clock.now.elapsed, deadline: clock.stepDeadline)
        if options.recordsBeforeSending, piece.step.firstLine < piece.step.lastLine {
            state = .announced(step)
        } else {
            state = .line(RunningPipeline(send(piece.step, &client)), step)
        }
    }

    mutating func send(_ step: StepText, _ client: inout some SessionClient) -> PipelineID {
        hasPipelineActed = false
        return client.create(step.request)
    }

    /// The far side called the step incomplete, so that nothing of it ran.
    private mutating func extend(
        _ step: OpenStep,
        by growth: StepSource.Growth,
        _ pipeline: RunningPipeline,
        _ client: inout some SessionClient
    ) {
        switch growth {
        case .longer(let piece):
            emit(.input(piece.shown, isContinuation: true))
            let step = step.restarted(as: piece.step)
            if options.recordsBeforeSending {
                state = .announced(step)
            } else {
                state = .line(pipeline.followed(by: send(piece.step, &client)), step)
            }
        case .never(let piece, let why):
            if !piece.shown.isEmpty { emit(.input(piece.shown, isContinuation: true)) }
            verdict.fails(.openBlock(options.target, why: why))
            var step = step.restarted(as: piece.step)
            emit(.text(step.writing("\(why); nothing of it ran.\n")))
            tell(step.ended(as: .failed, at: clock.now.elapsed).result())
            close(&client)
        }
    }

    /// The far side's parser refused a step's text, so nothing of it ran, and where the block ends is not known.
    ///
    /// The structure is whole all the same where the parser cut the playbook, and the refusal hangs on what an earlier
    /// line should have loaded; and where the session's language lacks what the text uses, which is asked last.
    private mutating func refused(_ text: StepText, _ error: ErrorRecord) {
        let name = error.fullyQualifiedErrorID
        let isWhole = source.isCut && SyntaxProblem.dependsOnState(name) || SyntaxProblem.restrictsLanguage(name)
        guard text.firstLine > 0, !isWhole, name != Self.scriptsNotAllowed else { return }
        verdict.fails(.blockRefused(options.target, text, error))
    }

    private static let scriptsNotAllowed = "ScriptsNotAllowed"

    private mutating func lineEnded(
        _ step: OpenStep,
        _ pipeline: RunningPipeline,
        _ end: PipelineState,
        _ error: ErrorRecord?,
        _ client: inout some SessionClient
    ) {
        let isLost = error?.fullyQualifiedErrorID == ErrorRecord.lostPipelineID
        let outcome = isLost ? .unknown : StepOutcome(of: end, hasError: error != nil, isStopping: isStopping)
        let step = step.ended(as: outcome, for: reason(of: outcome, error), at: clock.now.elapsed)
        guard end != .completed, let error else { return lineIsOver(step, pipeline, &client) }
        emit(.record(.error(error)))
        noteRefusedEntry(error.message)
        if error.fullyQualifiedErrorID == Self.scriptsNotAllowed { verdict.fails(.scriptsNotAllowed(options.target)) }
        if !verdict.hasStepResult, CommandSurvey.isWanted(for: error) {
            let id = client.createMetadataRequest(CommandMetadataRequest(names: CommandSurvey.names))
            state = .metadata(pipeline.followed(by: id), CommandSurvey(step, failedBy: error))
        } else {
            render(error, of: step, pipeline, &client)
        }
    }

    /// Why a line that has ended was stopped, or is unknown; nil where it is neither.
    private func reason(of outcome: StepOutcome, _ error: ErrorRecord?) -> TargetFailure? {
        switch outcome {
        case .stopped: isStopping ? verdict.failure?.ofStep(at: options.target) : .stoppedThere(error?.message)
        case .unknown: .lineLost(error?.message)
        case .ok, .error, .failed, .notSent: nil
        }
    }

    /// Has the far side's Out-Default show what ended the line, as the real client does (client/errors).
    private mutating func render(
        _ error: ErrorRecord,
        of step: EndedStep,
        _ pipeline: RunningPipeline,
        _ client: inout some SessionClient
    ) {
        let id = client.create(.rendering)
        state = .rendering(pipeline.followed(by: id), RenderedStep(step, failedBy: error))
        // A record that cannot be sent back leaves the pipeline without input; its message is shown then.
        try? client.sendInput(error.value, to: id)
        client.endInput(of: id)
    }

    /// The step with the message of its failure shown.
    private mutating func showing(_ failure: ErrorRecord, _ step: EndedStep) -> EndedStep {
        var step = step
        emit(.text(step.writing("Error: \(failure.message)\n")))
        return step
    }

    /// The step with the playbook's line shown where the far side's parser has named one of the block.
    private mutating func placing(_ failure: ErrorRecord, _ step: EndedStep) -> EndedStep {
        var step = step
        guard failure.refusal(hasOutput: false) != nil, let line = failure.parserLine, step.text.firstLine > 1 else {
            return step
        }
        let place = step.text.playbookLine(ofParserLine: line)
        emit(.text(step.writing("[psrun: line:\(line) of this block is line \(place) of the playbook]\n")))
        return step
    }

    private mutating func lineIsOver(
        _ step: EndedStep,
        _ pipeline: RunningPipeline,
        _ client: inout some SessionClient
    ) {
        guard verdict.takesMoreSteps else {
            tell(step.result())
            return close(&client)
        }
        // Nothing that only declares can change `$?`, and a transcript there need not show a question for it.
        if step.isDeclaration {
            tell(step.result())
            askPrompt(behind: NextPrompt(), pipeline, &client)
        } else {
            let script = source.isCut ? ProbedStep.script : PipelineRequest.stateScript
            state = .probe(pipeline.followed(by: client.create(.probe(script))), ProbedStep(step))
        }
    }

    private mutating func probeEnded(
        _ probed: ProbedStep,
        _ pipeline: RunningPipeline,
        isComplete: Bool,
        _ client: inout some SessionClient
    ) {
        guard isComplete || !isStopping else {
            tell(probed.step.resultUnread())
            return close(&client)
        }
        let step = probed.step
        if let answer = probed.answered(isComplete: isComplete) {
            tell(step.result(succeeded: answer.succeeded, before: lastSucceeded, lastExitCode: answer.lastExitCode))
            lastSucceeded = answer.succeeded
            if let prompt = answer.prompt {
                return goOn(behind: prompt, isStepRecorded: !options.awaitsRecording, &client)
            }
        } else {
            if !hasToldUnread {
                hasToldUnread = true
                emit(
                    .remark(
                        "from \(step.text.place) on, `$?` is not known for every line: the far side did not tell it"
                    )
                )
            }
            lastSucceeded = nil
            tell(step.resultUnread())
        }
        // The next step is asked about again: what was in the way may have been one line's alone.
        askPrompt(behind: probed.prompt, pipeline, &client)
    }

    /// Asks for the prompt behind a step that has ended.
    private mutating func askPrompt(
        behind prompt: NextPrompt,
        _ pipeline: RunningPipeline,
        _ client: inout some SessionClient
    ) {
        let pipeline = pipeline.followed(by: client.create(.prompt))
        ask(pipeline, behind: prompt, isStepRecorded: !options.awaitsRecording)
    }

    mutating func ask(
        _ pipeline: RunningPipeline,
        behind prompt: NextPrompt,
        isStepRecorded: Bool,
        isAskedForCut: Bool = false,
        by opening: OpeningLimit? = nil
    ) {
        let deadline = clock.stepDeadline
        var asked = AskedPrompt(behind: prompt, isStepRecorded: isStepRecorded, deadline: deadline)
        asked.isAskedForCut = isAskedForCut
        asked.opening = opening
        state = .prompt(pipeline, asked)
    }

    /// Tells a step's result, which is where a step that is not ok may end the session.
    mutating func tell(_ result: StepResult) {
        var result = result
        // No step begins once the end was asked for, so that it was this one.
        if let exit = verdict.exit, result.outcome != .notSent, result.earlierRun == nil {
            result.exitCode = exit.code
            if exit.isFailure, result.outcome == .ok { result.outcome = .error }
        }
        verdict.add(result)
        emit(.stepEnded(result))
        if options.stopsOnError, result.outcome != .ok, result.earlierRun == nil { verdict.endsAfterStep() }
        guard result.earlierRun == nil, NestedSession.isMissed(by: result) else { return }
        verdict.cutsShort(.nestedSession(options.target, StepText.place(ofLine: result.firstLine)))
    }
}
