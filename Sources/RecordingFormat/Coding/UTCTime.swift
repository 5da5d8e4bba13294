/// A moment of the Gregorian calendar in UTC, without leap seconds.
package struct UTCTime: Sendable, Hashable {
    let year: Int64
    let month: Int64
    let day: Int64
    let secondOfDay: Int64
    /// Since 1970-01-01T00:00:00Z.
    package let secondsSince1970: Int64

    /// - Parameter seconds: since 1970-01-01T00:00:00Z; may be negative.
    package init(secondsSince1970 seconds: Int64) {
        // Howard Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
        let days = seconds.flooredQuotient(by: 86_400)
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        secondOfDay = (seconds % 86_400 + 86_400) % 86_400
        secondsSince1970 = seconds
    }

    /// `20261122T020000Z` (ISO 8601, basic).
    package var compact: String {
        "\(padded(year, 4))\(padded(month, 2))\(padded(day, 2))T\(padded(hour, 2))\(padded(minute, 2))\(padded(second, 2))Z"
    }

    /// `2026-11-22T02:00:00Z` (ISO 8601, extended; RFC 3339).
    package var extended: String {
        "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
            + "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))Z"
    }

    private var hour: Int64 { secondOfDay / 3_600 }
    private var minute: Int64 { secondOfDay / 60 % 60 }
    private var second: Int64 { secondOfDay % 60 }

    private func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
