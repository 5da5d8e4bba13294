extension PSTimeSpan {
    /// Reads an XML Schema duration; a year has 365 days, a month 30, as in .NET.
    init?(text: ArraySlice<UInt8>) {
        var rest = text.trimmed
        let isNegative = rest.take(UInt8(ascii: "-"))
        guard rest.take(UInt8(ascii: "P")), !rest.isEmpty else { return nil }
        var ticks: Int128 = 0
        var units: [(letter: UInt8, ticks: Int64)] = [
            (UInt8(ascii: "Y"), 365 * Ticks.perDay), (UInt8(ascii: "M"), 30 * Ticks.perDay),
            (UInt8(ascii: "D"), Ticks.perDay),
        ]
        var isTime = false
        while !rest.isEmpty {
            if !isTime, rest.take(UInt8(ascii: "T")) {
                isTime = true
                units = [
                    (UInt8(ascii: "H"), Ticks.perHour), (UInt8(ascii: "M"), Ticks.perMinute),
                    (UInt8(ascii: "S"), Ticks.perSecond),
                ]
                guard !rest.isEmpty else { return nil }
            }
            guard let number = rest.takeNumber() else { return nil }
            let hasFraction = rest.first == UInt8(ascii: ".")
            guard let fraction = rest.takeFraction(), let letter = rest.popFirst(),
                let unit = units.firstIndex(where: { $0.letter == letter }),
                !hasFraction || letter == UInt8(ascii: "S")
            else { return nil }
            ticks += Int128(number) * Int128(units[unit].ticks) + Int128(fraction)
            units.removeFirst(unit + 1)
        }
        guard let whole = Int64(exactly: isNegative ? -ticks : ticks) else { return nil }
        self.init(ticks: whole)
    }

    /// As CLIXML writes it: `P1DT2H3M4.5S`.
    package var text: String {
        let magnitude = ticks.magnitude
        let fraction = Int64(magnitude % UInt64(Ticks.perSecond))
        let seconds = Int64(magnitude / UInt64(Ticks.perSecond))
        let days = seconds / 86_400
        var time = ""
        if seconds / 3600 % 24 > 0 { time += "\(seconds / 3600 % 24)H" }
        if seconds / 60 % 60 > 0 { time += "\(seconds / 60 % 60)M" }
        if seconds % 60 > 0 || fraction > 0 || seconds == 0 { time += "\(seconds % 60)\(fraction.fractionText)S" }
        return (ticks < 0 ? "-P" : "P") + (days > 0 ? "\(days)D" : "") + (time.isEmpty ? "" : "T" + time)
    }
}
