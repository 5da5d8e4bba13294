import CLIXML
import PSRP
package import Playbooks

/// One target's session: a playbook driven through a client's session, one step after the other.
///
/// Bytes, moments and wishes go in; bytes, events and at the end `.finished` come out. It never waits, and it sends a line
/// only when the one before it has ended: line, then (where it failed) a pipeline in which the far side renders what ended
/// it, then the probe, one round trip each.
package struct PlaybookSession<Client: SessionClient>: Sendable {
    enum Activity {
        case connecting
        /// A plain `prompt`: before the first line, and behind each where the probe does not work.
        case prompt(PipelineID)
        case line(PipelineID)
        case rendering(PipelineID)
        case probe(PipelineID)
        case metadata(PipelineID)
        /// A step has ended, and is not yet known to be recorded: the next line waits for that.
        case recording
        /// The pool is being closed; until then, on the elapsed clock.
        case closing(Duration)
        case finished

        var pipeline: PipelineID? {
            switch self {
            case .prompt(let id), .line(let id), .rendering(let id), .probe(let id), .metadata(let id): id
            case .connecting, .recording, .closing, .finished: nil
            }
        }

        /// Whether what comes now belongs to the step's own output.
        var isOfStep: Bool {
            switch self {
            case .line, .rendering, .metadata: true
            case .connecting, .prompt, .probe, .recording, .closing, .finished: false
            }
        }
    }

    /// What a session asked for when it ended itself.
    struct Exit {
        /// nil for Exit-PSSession, which names none.
        var code: Int32?
        /// On the elapsed clock: when its pipeline should have ended.
        var until: Duration
    }

    var client: Client
    let options: SessionOptions
    var cursor: PlaybookCursor
    var activity = Activity.connecting
    var now: RunMoment
    let began: RunMoment

    var step: OpenStep?
    /// Empty where the options keep none.
    var results: [StepResult] = []
    /// The outcomes that steps have had.
    var outcomes: Set<StepOutcome> = []
    /// Whether a step has ended that is not known to be recorded.
    var isStepUnrecorded = false
    var profileIsDue: Bool
    /// The playbook's lines up to this one were shown.
    var shownThrough = 0
    var language: PlaybookLanguage?
    /// What the pipeline that is not a line's has put out.
    var outputs: [PSValue] = []
    var metadataFailed = false
    var probeWorks = true
    /// What the far side's prompt function said; nil for nothing.
    var prompt: String?
    /// What the prompt function wrote besides.
    var promptText = ""
    var isAtLineStart = true

    var conversation: PromptConversation?
    /// What answers the items to come, where one rule gave several.
    var queuedAnswers: [String] = []

    var exit: Exit?
    /// No more lines: the first that was not ok, or a failure of the whole target.
    var isEnding = false
    var stopReason: StopReason?
    /// On the elapsed clock.
    var graceUntil: Duration?
    /// On the counted clock.
    var stepDeadline: Duration?
    var lastHeard: Duration
    var lastAsked: Duration
    /// When the first question was put that nothing has come after; on the elapsed clock.
    var unansweredSince: Duration?
    var outcome: TargetOutcome?
    var failure: TargetFailure?
    /// The connection's phase, until the pool is open.
    var phase: String?

    /// Secure strings that wait for the session's key.
    var unreadSecrets: [[UInt8]] = []

    private var events: [SessionEvent] = []
    private var nextEventIndex = 0

    package init(client: Client, playbook: Playbook, options: SessionOptions, at now: RunMoment) {
        self.client = client
        self.options = options
        self.now = now
        began = now
        cursor = PlaybookCursor(playbook, rule: options.blockRule, maximumLines: options.maximumBlockLines)
        profileIsDue = options.profile != nil
        lastHeard = now.elapsed
        lastAsked = now.elapsed
    }

    package var isFinished: Bool {
        if case .finished = activity { true } else { false }
    }

    /// Takes the name of the phase that its connection is in, until the pool is open: what fails later failed in none of its phases.
    package mutating func connection(isIn phase: String?) {
        if case .connecting = activity, let phase { self.phase = phase }
    }

    /// The connection stands: queues what opens the session.
    package mutating func open(at now: RunMoment) {
        self.now = now
        lastHeard = now.elapsed
        client.open()
    }

    /// Takes what the carriage heard.
    package mutating func receive(_ heard: [CarriageEvent], at now: RunMoment) {
        guard !isFinished else { return }
        self.now = now
        lastHeard = now.elapsed
        unansweredSince = nil
        do throws(PSRPError) {
            try client.receive(heard)
            drainClient()
        } catch {
            drainClient()
            breakOff(error)
        }
    }

    /// The far side's output ended; `detail` says how, as far as the connection knows.
    package mutating func receiveEnd(detail: String = "", at now: RunMoment) {
        guard !isFinished else { return }
        self.now = now
        do throws(PSRPError) {
            try client.receiveEnd()
            drainClient()
            breakOff(PSRPError(.ended, "the far side ended" + detail))
        } catch {
            drainClient()
            breakOff(PSRPError(error.code, error.message.withoutPeriod + detail))
        }
    }

    /// The connection could not be made, or broke.
    package mutating func fail(_ failure: TargetFailure, at now: RunMoment) {
        self.now = now
        breakOff(failure)
    }

    /// What may fly now; empty when there is nothing.
    package mutating func requestsToSend() -> [CarriageRequest] {
        isFinished ? [] : client.requestsToSend()
    }

    package mutating func nextEvent() -> SessionEvent? {
        guard nextEventIndex < events.count else {
            events.removeAll(keepingCapacity: true)
            nextEventIndex = 0
            return nil
        }
        defer { nextEventIndex += 1 }
        return events[nextEventIndex]
    }

    mutating func emit(_ event: SessionEvent) { events.append(event) }

    /// What a prompt function may write, and how many objects it may put out, before the rest is left out.
    private static var promptBytes: Int { 64 << 10 }
    private static var promptOutputs: Int { 1000 }

    /// Shows text at the console, as part of the step or, while there is none, of the prompt.
    mutating func show(_ text: String) {
        guard !text.isEmpty else { return }
        guard activity.isOfStep, step != nil else {
            if promptText.utf8.count < Self.promptBytes { promptText += text }
            return
        }
        emit(.text(text))
        noteShown(text)
    }

    mutating func noteShown(_ text: String) {
        step?.note(text)
        isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
    }

    mutating func drainClient() {
        while !isFinished, let event = client.nextEvent() { take(event) }
    }

    mutating func take(_ event: ClientEvent) {
        noticeSecrets(in: event)
        switch event {
        case .noise(let line): emit(.noise(line))
        case .privateData(let data): language = FarSide.language(data)
        case .opened(let version): opened(version)
        case .output(let id, let value) where id == activity.pipeline: took(output: value)
        case .error(let id, let error) where id == activity.pipeline: took(error: error)
        case .record(let id, let stream, let value) where id == activity.pipeline: emit(.record(.stream(stream, value)))
        case .hostCall(let call): took(call)
        case .ended(let id, let state, let error) where id == activity.pipeline: ended(state, error)
        case .output, .error, .record, .ended, .availability: break
        case .other(let type, let value): emit(.record(.other(type, value)))
        case .closed: closed()
        }
    }

    private mutating func took(output value: PSValue) {
        switch activity {
        case .line, .rendering:
            emit(.record(.output(value)))
            show(ValueText.text(of: value) + "\n")
        case .prompt, .probe, .metadata:
            if outputs.count < Self.promptOutputs { outputs.append(value) }
        case .connecting, .recording, .closing, .finished: break
        }
    }

    private mutating func took(error: ErrorRecord) {
        switch activity {
        case .line, .rendering:
            emit(.record(.error(error)))
            step?.sawError = true
            show(error.message + "\n")
        case .metadata: metadataFailed = true
        case .connecting, .prompt, .probe, .recording, .closing, .finished: break
        }
    }

    private mutating func ended(_ state: PipelineState, _ error: ErrorRecord?) {
        conversation = nil
        switch activity {
        case .prompt: promptEnded(state)
        case .line: lineEnded(state, error)
        case .rendering: renderingEnded()
        case .probe: probeEnded(state)
        case .metadata: metadataEnded(state)
        case .connecting, .recording, .closing, .finished: break
        }
    }

    private mutating func closed() {
        guard case .closing = activity else {
            breakOff(PSRPError(.farSide, "the far side closed its runspace pool"))
            return
        }
        finish()
    }
}
