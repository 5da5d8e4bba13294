import PSRP

/// What ends where the far side asks for the end of the session.
enum ExitReach: Sendable, Hashable {
    case session
    /// A visit in a kept session; whether that ended as well is not known.
    case visit
    /// A visit in a kept session, which has let the visitor leave.
    case visitAlone

    /// What has ended, and what has not.
    var words: (ended: String, left: String) {
        switch self {
        case .session: ("the session", "")
        case .visit: ("this visit", "")
        case .visitAlone: ("this visit", "; the kept session stays open")
        }
    }
}

/// What a session has come to so far: whether more lines may be sent, and what its result will say.
struct SessionVerdict: Sendable {
    /// What the far side asked for when it ended the session.
    struct Exit: Sendable {
        /// nil for Exit-PSSession, which names none.
        var code: Int32?
        /// On the elapsed clock: when its pipeline should have ended.
        let leaveBy: Duration
        /// `line 3`: the step that asked; nil where none was under way.
        var place: String?
        var reach = ExitReach.session

        /// Whether it is an end that is not well.
        var isFailure: Bool { code ?? 0 != 0 }
    }

    private let keepsSteps: Bool
    private var steps: [StepResult] = []
    private var outcomes: Set<StepOutcome> = []
    private var linesNotSent = 0
    /// Why the session is not well, as far as that is known.
    private(set) var failure: TargetFailure?
    private var isCutShort = false
    /// nil until the far side asks for the end.
    private(set) var exit: Exit?
    /// nil until the run's part here is ended early.
    private(set) var stopReason: StopReason?
    /// Whether `failure` is what stopped it.
    private var isStopFailure = false
    /// Whether the step under way, or the one before, was the last.
    private(set) var hasHadLastStep = false

    /// - Parameter keepsSteps: whether the result is to have its steps.
    init(keepsSteps: Bool) {
        self.keepsSteps = keepsSteps
    }

    var takesMoreSteps: Bool { stopReason == nil && exit == nil && !hasHadLastStep }

    var hasStepResult: Bool { !outcomes.isEmpty }

    mutating func add(_ result: StepResult) {
        // What ran in an earlier run, or may have, is that run's.
        if result.earlierRun == nil { outcomes.insert(result.outcome) }
        if result.outcome == .notSent, result.earlierRun == nil { linesNotSent += result.lineCount }
        if keepsSteps { steps.append(result) }
    }

    /// Text that came when the last step's result had been told. Only steps that are kept have it in their output.
    mutating func add(late text: String) {
        guard !steps.isEmpty else { return }
        steps[steps.count - 1].write(late: text)
    }

    /// The far side ends the session: the last code counts, and the first deadline.
    /// - Parameters:
    ///   - place: of the step that asks; nil where none is under way.
    ///   - reach: what that ends, as far as it is known by then.
    mutating func exits(_ code: Int32?, leaveBy: Duration, in place: String?, reach: ExitReach) {
        exit = Exit(code: code, leaveBy: exit?.leaveBy ?? leaveBy, place: place, reach: reach)
    }

    /// More is known of what the far side's end of a visit has ended.
    mutating func visitEnded(_ reach: ExitReach) {
        if exit?.reach == .visit { exit?.reach = reach }
    }

    mutating func stops(_ reason: StopReason, _ failure: TargetFailure) {
        stopReason = reason
        isStopFailure = self.failure == nil
        self.failure = self.failure ?? failure
    }

    /// Nothing has answered the stop; a failure that was known before it stays.
    mutating func stopIsNotAnswered(_ failure: TargetFailure) {
        if isStopFailure { self.failure = failure }
    }

    /// No step begins after this; a failure that is known already stays.
    mutating func endsAfterStep(_ failure: TargetFailure? = nil) {
        hasHadLastStep = true
        self.failure = self.failure ?? failure
    }

    /// No step begins after this, and the session is not well for it, whatever its steps are.
    mutating func cutsShort(_ failure: TargetFailure) {
        isCutShort = true
        endsAfterStep(failure)
    }

    /// No step begins after this, and that is why.
    mutating func fails(_ failure: TargetFailure) {
        hasHadLastStep = true
        self.failure = failure
    }

    /// - Parameters:
    ///   - outcome: nil for what the steps had.
    ///   - phase: the connection's where the pool never was open.
    func result(
        of target: String,
        outcome: TargetOutcome?,
        phase: String?,
        duration: Duration
    ) -> TargetResult {
        let failure = failure ?? ending(of: target)
        var result = TargetResult(
            target: target,
            outcome: outcome ?? overallOutcome(isFailed: failure != nil),
            exitCode: exit?.code,
            phase: phase,
            durationMicroseconds: duration.microseconds,
            failure: failure,
            steps: steps
        )
        result.linesNotSent = linesNotSent
        result.hasSentNothing = hasSentNothing
        return result
    }

    /// What is to be said of an end that the far side asked for; nil for nothing.
    private func ending(of target: String) -> TargetFailure? {
        guard let exit else { return nil }
        if hasSentNothing { return .endedBeforeFirstLine(target) }
        return exit.code.flatMap { $0 == 0 ? nil : .nonZeroExit(target, code: $0, exit.place, exit.reach) }
    }

    private var hasSentNothing: Bool { outcomes.isSubset(of: [.notSent]) }

    private func overallOutcome(isFailed: Bool) -> TargetOutcome {
        if let stopReason {
            if stopReason.isTimeout { return .timedOut }
            return hasSentNothing ? .notRun : .failed
        }
        if isFailed, hasSentNothing { return .notRun }
        if !outcomes.isDisjoint(with: [.failed, .stopped, .unknown]) { return .failed }
        return isCutShort || exit?.isFailure == true || outcomes.contains(.error) ? .error : .ok
    }
}
