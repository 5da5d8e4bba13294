/// What a session knows of time: the moment, its limits, and how long the far side has been silent.
struct SessionClock: Sendable {
    let limits: SessionLimitTimes
    let began: RunMoment
    private(set) var now: RunMoment

    // Of silence, all on the elapsed clock.
    private var lastHeard: Duration
    private var lastAsked: Duration
    /// When the session must have ended, where it was told to stop; on the elapsed clock.
    private var stopEnd: Duration?
    /// When the first question was put that nothing has come after; nil where nothing is unanswered.
    private var unansweredSince: Duration?

    init(_ limits: SessionLimitTimes, at now: RunMoment) {
        self.limits = limits
        began = now
        self.now = now
        lastHeard = now.elapsed
        lastAsked = now.elapsed
    }

    mutating func move(to now: RunMoment) { self.now = now }

    /// The far side was heard of now.
    mutating func heard() {
        lastHeard = now.elapsed
        unansweredSince = nil
    }

    /// The far side was asked now whether it lives.
    mutating func asked() {
        lastAsked = now.elapsed
        unansweredSince = unansweredSince ?? now.elapsed
    }

    /// On the elapsed clock: when a far side that stays silent is asked whether it lives.
    var silenceEnds: Duration { max(lastHeard, lastAsked) + limits.keepalive }

    /// How long the far side has been silent.
    var silence: Duration { now.elapsed - lastHeard }

    /// A silent far side is asked, and only one that leaves questions unanswered is dead.
    var isFarSideDead: Bool {
        guard let unansweredSince else { return false }
        return now.elapsed - unansweredSince >= limits.dead - limits.keepalive
    }

    /// On the counted clock: when a step that begins now takes too long; nil for no bound.
    var stepDeadline: Duration? { limits.step.map { now.counted + $0 } }

    /// On the elapsed clock: when what is asked to end now should have ended.
    var graceEnd: Duration { now.elapsed + limits.grace }

    /// The session is told to stop now: all of its end has one grace.
    mutating func stops() { stopEnd = stopEnd ?? graceEnd }

    /// On the elapsed clock: when a pool that is being closed from now on should be closed.
    var closingEnd: Duration { stopEnd ?? graceEnd }

    /// Since the target's time began.
    var age: Duration { now.elapsed - began.elapsed }
}
