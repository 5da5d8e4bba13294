/// The earliest moment at which a clock of a session wants something, on each of a run's two clocks.
package struct DueTime: Sendable, Hashable {
    /// Since the run began; nil where nothing is awaited on this clock.
    package private(set) var elapsed: Duration?
    /// The same without the time in which a person was being asked.
    package private(set) var counted: Duration?

    package func isReached(by now: RunMoment) -> Bool {
        if let elapsed, now.elapsed >= elapsed { return true }
        if let counted, now.counted >= counted { return true }
        return false
    }

    /// How long a timer may sleep before it asks again: zero where something is due, nil where nothing ever will be.
    ///
    /// While a person is being asked the counted clock stands still, so a timer may wake too early, but never too late.
    package func delay(from now: RunMoment) -> Duration? {
        let delays = [elapsed.map { $0 - now.elapsed }, counted.map { $0 - now.counted }].compactMap { $0 }
        return delays.min().map { max($0, .zero) }
    }

    mutating func include(_ alarm: SessionAlarm) {
        switch alarm.clock {
        case .elapsed: elapsed = min(elapsed ?? alarm.time, alarm.time)
        case .counted: counted = min(counted ?? alarm.time, alarm.time)
        }
    }
}
