/// What a session does when one of its clocks reaches a moment.
struct SessionAlarm: Sendable {
    enum Clock {
        /// Since the run began.
        case elapsed
        /// The same without the time in which a person was being asked.
        case counted
    }

    enum Action {
        /// The pool was not open in time, or its first question not answered.
        case giveUpConnecting(TargetFailure)
        /// The far side asked for the end of the session, and its pipeline does not end: close the pool.
        case leave
        case stop(StopReason)
        /// A stopped pipeline does not end: drop the connection.
        case drop
        /// The far side is silent: ask whether it lives, or take it for dead.
        case breakSilence
        /// The pool does not say that it is closed: finish without that.
        case finish
    }

    let clock: Clock
    let time: Duration
    let action: Action

    func isReached(by now: RunMoment) -> Bool {
        switch clock {
        case .elapsed: now.elapsed >= time
        case .counted: now.counted >= time
        }
    }
}

extension SessionState {
    /// Calls `visit` with every alarm that is set in this state. Where several are reached at once, the first one counts.
    /// - Parameter leaveBy: on the elapsed clock: when the pipeline in which the far side asked for the session's end
    ///   should have ended.
    func forEachAlarm(_ clock: SessionClock, leaveBy: Duration?, _ visit: (SessionAlarm) -> Void) {
        func limits(_ action: (StopReason) -> SessionAlarm.Action = { .stop($0) }) {
            if let end = clock.limits.runBy { visit(.counted(end, action(.runTimeout))) }
            if let limit = clock.limits.target {
                visit(.counted(clock.began.counted + limit, action(.targetTimeout(limit))))
            }
        }
        switch self {
        case .finished: break
        case .closing(let end):
            visit(.elapsed(end, .finish))
            // All steps have ended: nothing is left to be stopped.
            limits { _ in .finish }
        case .connecting(let connecting):
            if let limit = connecting.limit { visit(.counted(limit.due, .giveUpConnecting(limit.failure))) }
            limits()
        case .recording, .announced: limits()
        case .prompt(let pipeline, _), .line(let pipeline, _), .rendering(let pipeline, _), .metadata(let pipeline, _),
            .probe(let pipeline, _):
            if case .grace(let end) = pipeline.patience { return visit(.elapsed(end, .drop)) }
            if let leaveBy { visit(.elapsed(leaveBy, .leave)) }
            limits()
            if case .prompt(_, let asked) = self, let limit = asked.opening {
                visit(.counted(limit.due, .giveUpConnecting(limit.promptFailure)))
            }
            if let end = stepDeadline, let limit = clock.limits.step {
                visit(.counted(end, .stop(.stepTimeout(limit))))
            }
            visit(.elapsed(clock.silenceEnds, .breakSilence))
        }
    }
}

extension SessionAlarm {
    fileprivate static func elapsed(_ time: Duration, _ action: Action) -> Self {
        Self(clock: .elapsed, time: time, action: action)
    }

    fileprivate static func counted(_ time: Duration, _ action: Action) -> Self {
        Self(clock: .counted, time: time, action: action)
    }
}
