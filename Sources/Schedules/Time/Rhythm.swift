/// When a schedule runs.
package enum Rhythm: Sendable, Hashable {
    /// Once a day.
    case daily(DayTime)
    /// Several times a day or an hour, evenly: so many minutes, which divide an hour or a day.
    case every(minutes: Int)

    /// The rhythm of `--every`.
    /// - Parameter seconds: between two runs.
    /// - Throws: ScheduleError where neither cron nor a calendar has such a rhythm.
    package static func every(seconds: Int64) throws(ScheduleError) -> Rhythm {
        guard seconds != 86_400 else { throw ScheduleError("For once a day, name the time: --at 02:30.") }
        let minutes = Int(min(seconds / 60, 1_440))
        let isEven = minutes > 0 && (minutes < 60 ? 60 % minutes == 0 : minutes % 60 == 0 && 1_440 % minutes == 0)
        guard seconds % 60 == 0, isEven, minutes < 1_440 else {
            throw ScheduleError(
                "--every takes minutes that divide an hour (1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m) or hours that "
                    + "divide a day (1h, 2h, 3h, 4h, 6h, 8h, 12h): any other would be uneven at the hour or at midnight."
            )
        }
        return .every(minutes: minutes)
    }

    /// The five fields of a crontab (crontab(5)). Hours are a list and not `*/N`: cron runs what stands at hours that clocks
    /// skip soon after, but not what has a `*` there (cron(8)).
    package var cronFields: String {
        switch self {
        case .daily(let time): "\(time.minute) \(time.hour) * * *"
        case .every(1): "* * * * *"
        case .every(let minutes) where minutes < 60: "*/\(minutes) * * * *"
        case .every(60): "0 * * * *"
        case .every(let minutes):
            "0 \(stride(from: 0, to: 24, by: minutes / 60).map(String.init).joined(separator: ",")) * * *"
        }
    }

    /// The expression of OnCalendar= (systemd.time(7)). What runs every few hours goes by UTC, which skips none.
    /// - Parameter isUTC: whether a time of day is meant in UTC.
    package func calendar(isUTC: Bool) -> String {
        switch self {
        case .daily(let time): "*-*-* \(time.text):00\(isUTC ? " UTC" : "")"
        case .every(1): "*-*-* *:*:00"
        case .every(let minutes) where minutes < 60: "*-*-* *:00/\(minutes):00"
        case .every(60): "*-*-* *:00:00"
        case .every(let minutes): "*-*-* 00/\(minutes / 60):00:00 UTC"
        }
    }
}
