/// A time of day, to the minute.
package struct DayTime: Sendable, Hashable {
    static let minutesOfDay = 24 * 60

    /// Since midnight, 0 to 1439.
    package let minutes: Int

    /// - Returns: nil for what is not `HH:MM`. 24:00 is the next day's 00:00, and refused as cron and systemd do.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = Self.number(parts[0]), let minute = Self.number(parts[1]), hour < 24, minute < 60
        else { return nil }
        minutes = hour * 60 + minute
    }

    /// - Parameter minutes: since midnight; of more than a day the rest counts.
    init(minutes: Int) {
        self.minutes = minutes % Self.minutesOfDay
    }

    package var hour: Int { minutes / 60 }
    package var minute: Int { minutes % 60 }

    /// `02:30`.
    package var text: String { "\(Self.digits(hour)):\(Self.digits(minute))" }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
