extension PSDateTime {
    private static let endOfYear9999: Int64 = 3_155_378_975_999_999_999

    /// Reads `yyyy-MM-dd`, with `THH:mm:ss` and a fraction or without, and with `Z` or an offset or without.
    init?(text: ArraySlice<UInt8>) {
        var rest = text.trimmed
        guard let year = rest.takeNumber(digits: 4...4), year > 0, rest.take(UInt8(ascii: "-")),
            let month = rest.takeNumber(digits: 2...2), 1...12 ~= month, rest.take(UInt8(ascii: "-")),
            let day = rest.takeNumber(digits: 2...2), 1...Self.days(of: month, in: year) ~= day
        else { return nil }
        var ticks = Self.daysBefore(year: year, month: month, day: day) * Ticks.perDay
        if rest.take(UInt8(ascii: "T")) {
            guard let time = Self.takeTime(from: &rest) else { return nil }
            ticks += time
        }
        guard let zone = Zone(text: rest), ticks <= Self.endOfYear9999 else { return nil }
        self.init(ticks: ticks, zone: zone)
    }

    /// Hours, minutes and seconds as ticks; 24:00:00 is the day's end.
    private static func takeTime(from rest: inout ArraySlice<UInt8>) -> Int64? {
        guard let hour = rest.takeNumber(digits: 2...2), rest.take(UInt8(ascii: ":")),
            let minute = rest.takeNumber(digits: 2...2), minute < 60, rest.take(UInt8(ascii: ":")),
            let second = rest.takeNumber(digits: 2...2), second < 60, let fraction = rest.takeFraction()
        else { return nil }
        let ticks = hour * Ticks.perHour + minute * Ticks.perMinute + second * Ticks.perSecond + fraction
        return hour < 24 || ticks == Ticks.perDay ? ticks : nil
    }

    /// As CLIXML writes it: `2026-11-22T17:01:11.5+01:00`.
    package var text: String {
        let days = ticks / Ticks.perDay
        let time = ticks % Ticks.perDay
        let (year, month, day) = Self.date(days: days)
        let hour = time / Ticks.perHour
        let minute = time / Ticks.perMinute % 60
        let second = time / Ticks.perSecond % 60
        return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))T"
            + "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))"
            + (time % Ticks.perSecond).fractionText + zone.text
    }
}

extension PSDateTime.Zone {
    /// Reads nothing, `Z`, or `+HH:mm` up to fourteen hours either way.
    init?(text: ArraySlice<UInt8>) {
        var rest = text
        if rest.isEmpty {
            self = .unspecified
        } else if rest.take(UInt8(ascii: "Z")) {
            guard rest.isEmpty else { return nil }
            self = .utc
        } else {
            let isNegative = rest.take(UInt8(ascii: "-"))
            guard isNegative || rest.take(UInt8(ascii: "+")), let hours = rest.takeNumber(digits: 2...2),
                rest.take(UInt8(ascii: ":")), let minutes = rest.takeNumber(digits: 2...2), minutes < 60,
                rest.isEmpty, hours * 60 + minutes <= 14 * 60
            else { return nil }
            self = .offset(minutes: Int(isNegative ? -(hours * 60 + minutes) : hours * 60 + minutes))
        }
    }

    var text: String {
        switch self {
        case .unspecified: return ""
        case .utc: return "Z"
        case .offset(let minutes):
            let distance = Int64(abs(minutes))
            return "\(minutes < 0 ? "-" : "+")\((distance / 60).padded(2)):\((distance % 60).padded(2))"
        }
    }
}

/// The Gregorian calendar, which .NET extends back to the year 1.
extension PSDateTime {
    fileprivate static func days(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 0001-01-01. Years are counted from March, so that the leap day is a year's last.
    fileprivate static func daysBefore(year: Int64, month: Int64, day: Int64) -> Int64 {
        let years = month > 2 ? year : year - 1
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 307
    }

    fileprivate static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 306
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let months = (5 * dayOfYear + 2) / 153
        let month = months < 10 ? months + 3 : months - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * months + 2) / 5 + 1)
    }
}
