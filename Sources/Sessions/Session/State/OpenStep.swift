import PSRP

/// A step whose line is running, with all that has come back.
struct OpenStep: Sendable {
    private(set) var text: StepText
    /// On the counted clock, its rendering and its probe included; nil for no bound.
    let deadline: Duration?
    /// An error record or an error line came.
    var sawError = false
    /// On the elapsed clock.
    fileprivate let began: Duration
    fileprivate var output = StepOutput()

    init(_ text: StepText, began: Duration, deadline: Duration?) {
        self.text = text
        self.began = began
        self.deadline = deadline
    }

    mutating func write(_ text: String) { output.append(text) }

    /// Writes text and gives it back.
    mutating func writing(_ text: String) -> String {
        write(text)
        return text
    }

    /// Nothing of it ran, and it begins again, longer.
    func restarted(as text: StepText) -> OpenStep {
        var step = self
        step.text = text
        step.sawError = false
        return step
    }

    /// - Parameters:
    ///   - failure: why it was stopped, or is unknown.
    ///   - now: on the elapsed clock.
    func ended(as outcome: StepOutcome, for failure: TargetFailure? = nil, at now: Duration) -> EndedStep {
        EndedStep(line: self, outcome: outcome, duration: now - began, failure: failure)
    }
}

/// A step whose line has ended, and which is looked at still.
struct EndedStep: Sendable {
    private var line: OpenStep
    private let outcome: StepOutcome
    private let duration: Duration
    /// Why it was stopped, or is unknown.
    private let failure: TargetFailure?

    fileprivate init(line: OpenStep, outcome: StepOutcome, duration: Duration, failure: TargetFailure?) {
        self.failure = failure
        self.line = line
        self.outcome = outcome
        self.duration = duration
    }

    var text: StepText { line.text }

    var deadline: Duration? { line.deadline }

    var sawError: Bool {
        get { line.sawError }
        set { line.sawError = newValue }
    }

    mutating func write(_ text: String) { line.write(text) }

    /// Writes text and gives it back.
    mutating func writing(_ text: String) -> String { line.writing(text) }

    /// Whether nobody knows how far it ran.
    var isUnknown: Bool { outcome == .unknown }

    /// Whether it ended well, and can tell nothing by `$?`.
    var isDeclaration: Bool { line.text.isDeclaration && outcome == .ok }

    /// - Parameters:
    ///   - succeeded: `$?`; nil where it was not asked, or never will be.
    ///   - before: `$?` as it was before the step; nil where it is not known.
    ///   - lastExitCode: `$LASTEXITCODE`; nil where it is unset or not known.
    func result(succeeded: Bool? = nil, before: Bool? = nil, lastExitCode: Int? = nil) -> StepResult {
        var result = line.text.notSent
        result.outcome = outcome == .ok && (line.sawError || succeeded == false) ? .error : outcome
        result.succeeded = succeeded
        result.wasAlreadyFalse = outcome == .ok && !line.sawError && succeeded == false && before == false
        result.lastExitCode = lastExitCode
        result.startedMicroseconds = line.began.microseconds
        result.durationMicroseconds = duration.microseconds
        result.output = line.output.text
        result.failure = failure
        return result
    }

    /// The result where the far side was asked for `$?` and did not tell it: a step that seems well need not be.
    func resultUnread() -> StepResult {
        var result = result()
        if result.outcome == .ok {
            result.outcome = .unknown
            result.failure = .successUnknown
        }
        return result
    }
}

extension StepOutcome {
    /// How a line ended, as far as its pipeline tells.
    /// - Parameter isStopping: whether its session was told to stop.
    init(of end: PipelineState, hasError: Bool, isStopping: Bool) {
        self =
            switch end {
            case .completed: .ok
            // A nested session that was popped ends its line so (client/nested).
            case .stopped where !hasError && !isStopping: .ok
            case .stopped: .stopped
            default: .failed
            }
    }
}

extension StepResult {
    /// Adds text that came when the result had been told.
    package mutating func write(late text: String) {
        guard output.utf8.count < Self.outputBytes else { return }
        var written = StepOutput(text: output)
        // The copy is the only one, so that it grows in place.
        output = ""
        written.append(text)
        output = written.text
    }
}

/// What the console shows of a step, up to a bound: the rest is for the recording alone.
private struct StepOutput: Sendable {
    private(set) var text: String
    private var isCut = false

    init(text: String = "") {
        self.text = text
    }

    mutating func append(_ more: String) {
        guard !isCut else { return }
        let room = StepResult.outputBytes - text.utf8.count
        guard more.utf8.count > room else {
            text += more
            return
        }
        isCut = true
        text += String(decoding: more.utf8.prefix(room), as: UTF8.self)
        text += "\n[psrun: a step's result keeps \(StepResult.outputBytes >> 20) MiB of its output]\n"
    }
}
