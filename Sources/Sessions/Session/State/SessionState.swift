import PSRP
import Playbooks

/// What a session has sent, and what it waits for. Each case holds what is valid in it.
///
///     connecting ──▶ prompt ──▶ line ──▶ probe ──▶ recording ──▶ line …
///                      ▲         │         │          (where recording is waited for)
///                      │         ▼         │
///                      │   (metadata ─▶) rendering ─▶ probe
///                      └───────────────────┘ where the probe does not work
///
/// From each of them `closing` may follow, and then, or at once where the connection is lost, `finished`.
enum SessionState: Sendable {
    /// Sent: what opens the pool. Waits for it to be open.
    case connecting(Connecting)
    /// Sent: a plain `prompt`, before the first step, and behind each where the probe does not work. Waits for its end.
    case prompt(RunningPipeline, AskedPrompt)
    /// Sent: the step's text. Waits for its end.
    case line(RunningPipeline, OpenStep)
    /// Sent: what ended the line, to be shown by the far side's Out-Default. Waits for its end.
    case rendering(RunningPipeline, RenderedStep)
    /// Sent: a question for the commands that a session must have, since the first line found none of them. Waits for
    /// its end.
    case metadata(RunningPipeline, CommandSurvey)
    /// Sent: what asks for `$?`, `$LASTEXITCODE` and the prompt behind a step. Waits for its end.
    case probe(RunningPipeline, ProbedStep)
    /// Sent: nothing. Waits until the step that has ended is known to be recorded.
    case recording(NextPrompt)
    /// Sent: nothing of the step, or nothing of what was added to it. Waits until its text is known to be recorded.
    case announced(OpenStep)
    /// Sent: Close of the pool. Waits for the pool to say that it is closed, until then on the elapsed clock.
    case closing(Duration)
    /// Nothing is sent or waited for any more.
    case finished

    /// Nothing is running yet.
    struct Connecting: Sendable {
        /// Where the connection is; nil where nobody has said.
        var phase: String?
        /// What the far side is written in; nil until it says so.
        var language: PlaybookLanguage?
        /// Nil where nothing bounds the opening of the pool, or the connection does not stand yet.
        var limit: OpeningLimit?
        /// What start-up scripts write stands before the first prompt.
        var prompt = NextPrompt(isFirst: true)
    }
}

extension SessionState {
    var isFinished: Bool {
        if case .finished = self { true } else { false }
    }

    /// Whether nothing runs, and the next thing is sent once something is recorded.
    var waitsForRecording: Bool {
        switch self {
        case .recording, .announced: true
        default: false
        }
    }

    var pipeline: PipelineID? {
        switch self {
        case .prompt(let pipeline, _), .line(let pipeline, _), .rendering(let pipeline, _), .metadata(let pipeline, _),
            .probe(let pipeline, _):
            pipeline.id
        case .connecting, .recording, .announced, .closing, .finished: nil
        }
    }

    /// The step that has begun and whose result is not told.
    var step: StepText? {
        switch self {
        case .line(_, let step): step.text
        case .rendering(_, let rendered): rendered.step.text
        case .metadata(_, let survey): survey.step.text
        case .probe(_, let probed): probed.step.text
        case .connecting, .prompt, .recording, .announced, .closing, .finished: nil
        }
    }

    /// Whether what comes now belongs to the step's own output.
    var isShowingStep: Bool {
        switch self {
        case .line, .rendering, .metadata: true
        case .connecting, .prompt, .probe, .recording, .announced, .closing, .finished: false
        }
    }

    /// On the counted clock; nil for no bound. A prompt by itself has as long as a step.
    var stepDeadline: Duration? {
        switch self {
        case .prompt(_, let asked): asked.deadline
        case .line(_, let step): step.deadline
        case .rendering(_, let rendered): rendered.step.deadline
        case .metadata(_, let survey): survey.step.deadline
        case .probe(_, let probed): probed.step.deadline
        case .connecting, .recording, .announced, .closing, .finished: nil
        }
    }

    /// The result of the step that has begun, as it stands.
    /// - Parameters:
    ///   - outcome: of a line that has not ended.
    ///   - failure: why it has not.
    ///   - now: on the elapsed clock.
    func stepResult(
        ofRunningLine outcome: StepOutcome,
        for failure: TargetFailure?,
        at now: Duration
    ) -> StepResult? {
        switch self {
        case .line(_, let step): step.ended(as: outcome, for: failure, at: now).result()
        case .rendering(_, let rendered): rendered.step.result()
        case .metadata(_, let survey): survey.step.result()
        case .probe(_, let probed): probed.step.resultUnread()
        case .announced(let step): step.text.notSent
        case .connecting, .prompt, .recording, .closing, .finished: nil
        }
    }
}
