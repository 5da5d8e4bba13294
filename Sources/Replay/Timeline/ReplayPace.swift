/// How the times of a recording become times of a replay.
package struct ReplayPace: Sendable {
    private let speed: Double
    private let idleLimit: UInt64
    private var lastEvent: UInt64 = 0
    private var lastDue = 0.0

    /// - Parameters:
    ///   - speed: 2 plays twice as fast; above 0.
    ///   - idleLimit: the longest pause that is kept, as it is played.
    package init(speed: Double, idleLimit: Duration?) {
        self.speed = speed
        self.idleLimit = idleLimit.map(\.nanoseconds) ?? .max
    }

    /// Another entry begins, without a pause.
    package mutating func restart() {
        lastEvent = 0
    }

    /// When an event is due, in nanoseconds since the replay began.
    /// - Parameter time: its own, in nanoseconds since its entry began; earlier than the last one's counts as equal.
    package mutating func due(_ time: UInt64) -> UInt64 {
        let pause = time > lastEvent ? time - lastEvent : 0
        lastEvent = max(lastEvent, time)
        lastDue += min(Double(pause) / speed, Double(idleLimit))
        return UInt64(min(lastDue, 9e18))
    }
}

extension Duration {
    /// In nanoseconds; 0 for negative ones.
    package var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000).partialValue
            + UInt64(attoseconds / 1_000_000_000)
    }
}
