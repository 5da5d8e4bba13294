import PSRP

/// Clocks, wishes to stop, breaks, and the end.
extension SessionMachine {
    /// The earliest moment at which `due` would tell something; nothing where the session is over.
    var nextDue: DueTime {
        var next = DueTime()
        forEachAlarm { next.include($0) }
        return next
    }

    /// What the clocks say is to be done at a moment.
    func due(at now: RunMoment) -> SessionAlarm.Action? {
        var due: SessionAlarm.Action?
        forEachAlarm { if due == nil, $0.isReached(by: now) { due = $0.action } }
        return due
    }

    private func forEachAlarm(_ visit: (SessionAlarm) -> Void) {
        state.forEachAlarm(clock, leaveBy: verdict.exit?.leaveBy, visit)
    }

    /// Does what a clock said is due, a stop excepted, which is the caller's as any other.
    mutating func heed(_ action: SessionAlarm.Action, _ client: inout some SessionClient) {
        switch action {
        case .giveUpConnecting(let failure):
            // Nothing of the playbook was sent, also where the pool is open.
            verdict.fails(failure)
            finish(as: .unreachable)
        case .leave:
            var failure: TargetFailure?
            if case .line(_, let step) = state { failure = .leftRunning(options.target, step.text) }
            if failure != nil { verdict.endsAfterStep(failure) }
            endStep(runningLine: .unknown, failure)
            close(&client)
        case .drop:
            leaveUnanswered()
            finish()
        case .breakSilence:
            if clock.isFarSideDead {
                let seconds = clock.silence.components.seconds
                breakOff(PSRPError(.ended, "nothing came for \(seconds) s, not even an answer to a keepalive"))
            } else {
                clock.asked()
                client.askAvailability()
            }
        case .finish: finish()
        case .stop(let reason): stop(reason, &client)
        }
    }

    /// Ends the session early: a Signal for what runs, and no more steps. The first reason stays.
    mutating func stop(_ reason: StopReason, _ client: inout some SessionClient) {
        guard !isStopping else { return }
        switch state {
        case .closing(let end): return state = .closing(min(end, clock.graceEnd))
        case .finished: return
        case .connecting, .prompt, .line, .rendering, .metadata, .probe, .recording, .announced: break
        }
        let isSent = state.pipeline.map { client.stop($0) } ?? false
        verdict.stops(reason, .stopped(options.target, reason, isSent ? state.underWay : state.underWayUnsent))
        clock.stops()
        if case .line(_, let step) = state, !isSent {
            tell(step.text.notSent)
            close(&client)
        } else if state.pipeline != nil {
            state = state.stopped(graceEnd: clock.graceEnd)
        } else if state.waitsForRecording {
            endStep(runningLine: .notSent, nil)
            close(&client)
        } else {
            finish()
        }
    }

    /// Lets the step that is under way end, and sends no more.
    mutating func endAfterStep(_ reason: TargetFailure) {
        guard !isFinished, !verdict.hasHadLastStep else { return }
        verdict.endsAfterStep(reason)
        if case .connecting = state { finish() }
    }

    /// The pool is closed.
    mutating func closed() {
        if case .closing = state {
            verdict.visitEnded(.visitAlone)
            finish()
        } else {
            breakOff(PSRPError(.farSide, "the far side closed its runspace pool"))
        }
    }

    /// Ends the session for a failure of its protocol.
    mutating func breakOff(_ error: PSRPError) {
        // The kept session is broken, as where its shell has left.
        if error.code == .farSide { verdict.visitEnded(.session) }
        if case .connecting(let connecting) = state {
            breakOff(TargetFailure(error, connecting: options, in: connecting.phase))
        } else {
            breakOff(TargetFailure(error, from: options.farEndpoint))
        }
    }

    /// Ends the session for a failure of its connection.
    mutating func breakOff(_ cause: TargetFailure) {
        switch state {
        case .finished: return
        case .closing: finish()
        case .connecting:
            verdict.fails(cause)
            finish(as: .unreachable)
        case .prompt, .line, .rendering, .metadata, .probe, .recording, .announced:
            if verdict.exit != nil || isStopping {
                // Whoever asked for the end, or was told to end, may break the connection. Of a line that had not ended by
                // then it is not known how far it ran.
                if isStopping {
                    leaveUnanswered()
                } else {
                    var failure = verdict.failure
                    if case .line(_, let step) = state {
                        failure = .leftUnended(options.target, step.text)
                        verdict.endsAfterStep(failure)
                    }
                    endStep(runningLine: .unknown, failure)
                }
                return finish()
            }
            let isRunning =
                switch state {
                case .line: true
                case .rendering(_, let rendered): rendered.step.isUnknown
                case .metadata(_, let survey): survey.step.isUnknown
                case .connecting, .prompt, .probe, .recording, .announced, .closing, .finished: false
                }
            let failure = TargetFailure.broken(
                options.target,
                by: cause,
                in: state.step,
                isRunning: isRunning,
                hasRunSteps: verdict.hasStepResult
            )
            verdict.fails(failure)
            endStep(runningLine: .unknown, failure)
            finish(as: .broken)
        }
    }

    /// Ends the session before it is entered.
    mutating func refuse(_ failure: TargetFailure) {
        guard !isFinished else { return }
        verdict.fails(failure)
        finish()
    }

    /// Tells the result of the step that has begun, as it stands.
    /// - Parameters:
    ///   - outcome: of a line that has not ended.
    ///   - failure: why it has not.
    private mutating func endStep(runningLine outcome: StepOutcome, _ failure: TargetFailure?) {
        let failure = failure?.ofStep(at: options.target)
        if let result = state.stepResult(ofRunningLine: outcome, for: failure, at: clock.now.elapsed) { tell(result) }
    }

    /// Ends the step under way of a session that was told to stop: a line is stopped where the far side said so, and no other.
    private mutating func leaveUnanswered() {
        if case .line(_, let step) = state, let reason = verdict.stopReason {
            verdict.stopIsNotAnswered(.stopped(options.target, reason, step.text.unanswered))
        }
        endStep(runningLine: .unknown, verdict.failure)
    }

    /// Closes the pool in order.
    mutating func close(_ client: inout some SessionClient) {
        state = .closing(clock.closingEnd)
        client.close()
    }

    /// Tells the result, every step that was not sent included.
    /// - Parameter outcome: nil for what the steps had.
    private mutating func finish(as outcome: TargetOutcome? = nil) {
        let phase: String? =
            switch state {
            case .connecting(let connecting): connecting.phase
            case .prompt where outcome == .unreachable: SessionPhase.prompt
            default: nil
            }
        state = .finished
        for result in source.takeEarlier() + source.remainingResults { tell(result) }
        var result = verdict.result(of: options.target, outcome: outcome, phase: phase, duration: clock.age)
        result.cutter = cutter
        emit(.finished(result))
    }
}
