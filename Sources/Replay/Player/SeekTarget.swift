/// Where a person wants to be in a session, as they type it.
package enum SeekTarget: Sendable, Hashable {
    /// A step by its number, from 1.
    case step(Int)
    /// Nanoseconds since the session began.
    case time(UInt64)

    /// Reads `12` (a step), `1m20s`, `90s`, `1500ms`, `1h`, `1:20` or `1:02:03.5`; nil for anything else.
    package init?(_ text: String) {
        if let number = Int(text) {
            guard number >= 0 else { return nil }
            self = .step(number)
        } else if let time = text.contains(":") ? Self.clock(text) : Self.units(text) {
            self = .time(time)
        } else {
            return nil
        }
    }

    private static func clock(_ text: String) -> UInt64? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(fields.count), fields.allSatisfy({ $0.first?.isNumber == true }) else { return nil }
        var seconds = 0.0
        for field in fields {
            guard let value = Double(field), value >= 0 else { return nil }
            seconds = seconds * 60 + value
        }
        return nanoseconds(seconds)
    }

    private static func units(_ text: String) -> UInt64? {
        var rest = text[...]
        var seconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let value = Double(digits), let scale = Self.scales[String(unit)] else { return nil }
            seconds += value * scale
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return text.isEmpty ? nil : nanoseconds(seconds)
    }

    private static let scales = ["h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001]

    private static func nanoseconds(_ seconds: Double) -> UInt64? {
        seconds.isFinite && seconds < 9e9 ? UInt64(seconds * 1e9) : nil
    }
}
