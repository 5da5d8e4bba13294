import RecordingFormat

/// Local time that there is not on one day, since clocks are put forward.
package struct ClockSkip: Sendable, Hashable {
    /// Clocks of one place change seldom: in so many seconds once at most.
    private static let step: Int64 = 6 * 3_600

    /// The first second that there is not and the first that there is again, as a local clock shows them, in seconds since
    /// its own 1970.
    let start: Int64
    let end: Int64

    /// The skips of a place from one moment to another, in seconds since 1970.
    /// - Parameter offset: how far local time is before UTC at a moment, in seconds.
    package static func find(from: Int64, through last: Int64, offset: (Int64) -> Int64) -> [ClockSkip] {
        var skips: [ClockSkip] = []
        var (moment, before) = (from, offset(from))
        while moment < last {
            let next = min(moment + step, last)
            let after = offset(next)
            if after > before {
                let change = change(after: moment, until: next, of: before, offset)
                skips.append(ClockSkip(start: change + before, end: change + after))
            }
            (moment, before) = (next, after)
        }
        return skips
    }

    /// The first moment at which the offset is another.
    private static func change(
        after first: Int64,
        until last: Int64,
        of before: Int64,
        _ offset: (Int64) -> Int64
    ) -> Int64 {
        var (low, high) = (first, last)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(middle) == before { low = middle } else { high = middle }
        }
        return high
    }

    /// Whether a time of day is skipped.
    package func contains(_ time: DayTime) -> Bool {
        let ofDay = (start % 86_400 + 86_400) % 86_400
        let ahead = (Int64(time.minutes) * 60 - ofDay + 86_400) % 86_400
        return start + ahead < end
    }

    /// The day, as `2027-03-28`.
    package var day: String { String(UTCTime(secondsSince1970: start).extended.prefix(10)) }

    /// The first minute of the skipped time, and the first behind it.
    package var from: DayTime { Self.time(start) }
    package var to: DayTime { Self.time(end + 59) }

    private static func time(_ local: Int64) -> DayTime {
        DayTime(minutes: Int((local % 86_400 + 86_400) % 86_400 / 60))
    }
}

extension Rhythm {
    /// What has to be known of a time of day that a clock skips.
    package enum Skipped: Sendable, Hashable {
        /// The nights of this day would be lost: the schedule is moved behind it.
        case moved(from: DayTime, ClockSkip)
        /// It runs soon after.
        case caughtUp(DayTime, ClockSkip)
    }

    /// The same rhythm at a time that every day has. systemd skips a night whose time there is not; cron catches up.
    /// - Parameter catchesUp: whether what runs the schedule does so by itself.
    package func avoiding(_ skips: [ClockSkip], catchesUp: Bool) -> (rhythm: Rhythm, word: Skipped?) {
        guard case .daily(let wanted) = self else { return (self, nil) }
        guard let first = skips.first(where: { $0.contains(wanted) }) else { return (self, nil) }
        if catchesUp { return (self, .caughtUp(wanted, first)) }
        var time = wanted
        // Of several skips at different hours each may move it once.
        for _ in skips {
            guard let skip = skips.first(where: { $0.contains(time) }) else { break }
            time = skip.to
        }
        return (.daily(time), .moved(from: wanted, first))
    }
}
