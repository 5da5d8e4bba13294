import PSRP
import Playbooks

/// Clocks, wishes to stop, breaks, and the end.
extension PlaybookSession {
    /// What a clock says is to be done.
    private enum Due {
        case finish, drop, leave, ask, giveUp
        case breakOff(TargetFailure)
        case stop(StopReason)
    }

    /// Whether `tick` would do something: cheap enough to be asked many times a second.
    package func isDue(at now: RunMoment) -> Bool { due(at: now) != nil }

    /// Does what the clocks say. To be called several times a second, or whenever `isDue`.
    package mutating func tick(at now: RunMoment) {
        guard let due = due(at: now) else { return }
        self.now = now
        switch due {
        case .finish: finish()
        case .drop: drop()
        case .leave:
            finishStep()
            close()
        case .ask: askForLife()
        case .giveUp:
            let silence = (now.elapsed - lastHeard).components.seconds
            breakOff(PSRPError(.ended, "nothing came for \(silence) s, not even an answer to a keepalive"))
        case .breakOff(let failure): breakOff(failure)
        case .stop(let reason): stop(reason, at: now)
        }
    }

    private func due(at now: RunMoment) -> Due? {
        let limits = options.limits
        switch activity {
        case .finished: return nil
        case .closing(let until): return now.elapsed >= until ? .finish : nil
        case .connecting:
            if let openBy = limits.openBy, now.counted >= openBy { return .breakOff(connectingTimeout()) }
        case .prompt, .line, .rendering, .probe, .metadata, .recording: break
        }
        if let graceUntil { return now.elapsed >= graceUntil ? .drop : nil }
        if let exit, activity.pipeline != nil, now.elapsed >= exit.until { return .leave }
        if let runBy = limits.runBy, now.counted >= runBy { return .stop(.runTimeout) }
        if let target = limits.target, now.counted - began.counted >= target { return .stop(.targetTimeout(target)) }
        if let stepDeadline, now.counted >= stepDeadline, let limit = limits.step { return .stop(.stepTimeout(limit)) }
        guard activity.pipeline != nil, now.elapsed - max(lastHeard, lastAsked) >= limits.keepalive else { return nil }
        // A silent far side is asked, and only one that leaves questions unanswered is dead.
        if let unansweredSince, now.elapsed - unansweredSince >= limits.dead - limits.keepalive { return .giveUp }
        return .ask
    }

    private mutating func askForLife() {
        lastAsked = now.elapsed
        unansweredSince = unansweredSince ?? now.elapsed
        client.askAvailability()
    }

    /// Ends the target's run: a Signal for what runs, and the session is dropped when the grace has passed.
    package mutating func stop(_ reason: StopReason, at now: RunMoment) {
        guard !isFinished, stopReason == nil else { return }
        self.now = now
        if case .closing = activity { return }
        stopReason = reason
        failure = failure ?? stopFailure(reason)
        conversation = nil
        guard let pipeline = activity.pipeline else {
            if case .recording = activity { close() } else { finish() }
            return
        }
        client.stop(pipeline)
        graceUntil = now.elapsed + options.limits.grace
        // A pipeline that was never sent has ended by this.
        drainClient()
    }

    /// Lets the step that is under way end, and sends no more.
    package mutating func endAfterStep(_ reason: TargetFailure, at now: RunMoment) {
        guard !isFinished, !isEnding else { return }
        self.now = now
        isEnding = true
        failure = failure ?? reason
        if case .connecting = activity {
            outcome = .notRun
            finish()
        }
    }

    /// Closes the pool in order.
    mutating func close() {
        activity = .closing(now.elapsed + options.limits.closing)
        stepDeadline = nil
        client.close()
    }

    /// The grace has passed: the connection goes, whatever runs.
    private mutating func drop() {
        if case .line = activity { step?.result.outcome = .stopped }
        finishStep()
        finish()
    }

    mutating func breakOff(_ error: PSRPError) {
        let code =
            switch error.code {
            case .malformedElement, .malformedFragment, .malformedMessage, .malformedBody: "MalformedData"
            case .protocolVersion: "ProtocolVersion"
            case .limit: "LimitExceeded"
            case .farSide: "FarSideError"
            case .noise: "NotPSRP"
            case .ended: "SessionBroken"
            case .sessionKey: "SessionKey"
            }
        var message = error.message
        if case .connecting = activity {
            let phase = phase ?? SessionPhase.opening
            message = "\(options.target): \(message.withoutPeriod) (phase \(phase)). \(Self.wayOut(of: error.code))"
        }
        breakOff(TargetFailure(code: code, message: message))
    }

    /// What to do about a session that could not be opened.
    private static func wayOut(of code: PSRPError.Code) -> String {
        switch code {
        case .protocolVersion: "Install a PowerShell there that speaks one of psrun's, 2.1 to 2.4."
        case .ended, .farSide: "Run what the subsystem starts by hand on that host, to see why it ends."
        case .noise, .malformedElement, .malformedFragment, .malformedMessage, .malformedBody, .limit, .sessionKey:
            "What is started there must speak PSRP on its standard output, and nothing else."
        }
    }

    /// Ends the session for a failure of its connection or its protocol.
    mutating func breakOff(_ cause: TargetFailure) {
        switch activity {
        case .finished: return
        case .closing: break
        case .connecting:
            outcome = .unreachable
            failure = cause
        case .line, .rendering, .probe, .prompt, .metadata, .recording:
            guard exit == nil else { break }
            if case .line = activity { step?.result.outcome = stopReason == nil ? .unknown : .stopped }
            guard stopReason == nil else { break }
            outcome = .broken
            failure = TargetFailure(code: cause.code, message: brokenMessage(cause.message))
        }
        if exit != nil, step?.result.outcome == .notSent { step?.result.outcome = .ok }
        finishStep()
        finish()
    }

    private func brokenMessage(_ cause: String) -> String {
        let cause = cause.withoutPeriod
        guard let step else {
            return "\(options.target): the session broke between two lines, and later lines were not sent: \(cause)"
        }
        let line = step.result.firstLine == 0 ? "the profile" : "line \(step.result.firstLine)"
        let fate = step.result.outcome == .unknown ? "was running, so that it may have run" : "had run"
        let wayOut = step.result.outcome == .unknown ? ". See on that host what it did before you send it again" : ""
        return "\(options.target): the session broke when \(line) \(fate), and later lines were not sent: \(cause)"
            + wayOut
    }

    private func connectingTimeout() -> TargetFailure {
        let limit = options.limits.connecting.map { "\($0.milliseconds) ms" } ?? "the time"
        let phase = phase ?? "connecting"
        return TargetFailure(
            code: "ConnectingTimeout",
            message:
                "\(options.target): \(limit) of -ConnectingTimeout ran out in phase \(phase); see whether the far side"
                + " answers there, or allow more time"
        )
    }

    private func stopFailure(_ reason: StopReason) -> TargetFailure {
        let line = step.map { $0.result.firstLine == 0 ? "the profile" : "line \($0.result.firstLine)" }
        let what = line.map { "\($0) was stopped" } ?? "nothing was running"
        let (code, why) =
            switch reason {
            case .stepTimeout(let limit): ("StepTimeout", "the step took longer than \(limit.milliseconds) ms")
            case .targetTimeout(let limit): ("TargetTimeout", "the target took longer than \(limit.milliseconds) ms")
            case .runTimeout: ("RunTimeout", "the run's time ran out")
            case .interrupt: ("Interrupted", "psrun was interrupted")
            case .recordingLost: ("RecordingLost", "the recording could not be kept")
            }
        return TargetFailure(code: code, message: "\(options.target): \(why); \(what), and later lines were not sent")
    }

    /// Tells the result, every line that was not sent included.
    mutating func finish() {
        guard !isFinished else { return }
        activity = .finished
        if profileIsDue, let profile = options.profile {
            tell(StepResult(firstLine: 0, lastLine: 0, text: ". '\(profile)'"))
        }
        for block in cursor.remaining {
            tell(StepResult(firstLine: block.firstLine, lastLine: block.lastLine, text: block.text))
        }
        if exit != nil, failure == nil, outcomes.isSubset(of: [.notSent]) {
            failure = TargetFailure(
                code: "SessionEnded",
                message: "\(options.target): the far side ended the session before the first line, and nothing was sent"
            )
        }
        emit(
            .finished(
                TargetResult(
                    target: options.target,
                    outcome: outcome ?? overallOutcome,
                    exitCode: exit?.code,
                    phase: phase,
                    durationMicroseconds: (now.elapsed - began.elapsed).microseconds,
                    failure: failure,
                    steps: results
                )
            )
        )
    }

    /// Tells a step's result, and keeps it where the target's result is to have it.
    mutating func tell(_ result: StepResult) {
        outcomes.insert(result.outcome)
        if options.keepsSteps { results.append(result) }
        emit(.stepEnded(result))
    }

    private var overallOutcome: TargetOutcome {
        if let stopReason {
            if stopReason.isTimeout { return .timedOut }
            return outcomes.isSubset(of: [.notSent]) ? .notRun : .failed
        }
        if failure != nil, outcomes.isSubset(of: [.notSent]) { return .notRun }
        if !outcomes.isDisjoint(with: [.failed, .stopped, .unknown]) { return .failed }
        return outcomes.contains(.error) ? .error : .ok
    }
}

extension String {
    /// The same, fit to be gone on with.
    var withoutPeriod: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension Duration {
    fileprivate var milliseconds: Int64 { microseconds / 1000 }
}
