/// .NET's unit of time.
enum Ticks {
    static let perSecond: Int64 = 10_000_000
    static let perMinute = 60 * perSecond
    static let perHour = 60 * perMinute
    static let perDay = 24 * perHour
}

extension ArraySlice<UInt8> {
    /// Takes `.digits` off, if it stands here, as ticks: seven places, the eighth rounds; nil for a point alone.
    mutating func takeFraction() -> Int64? {
        guard take(UInt8(ascii: ".")) else { return 0 }
        let digits = takeDigits()
        guard !digits.isEmpty else { return nil }
        var ticks: Int64 = 0
        for place in 0..<7 {
            let index = digits.startIndex + place
            ticks = ticks * 10 + (index < digits.endIndex ? Int64(digits[index] - UInt8(ascii: "0")) : 0)
        }
        let eighth = digits.dropFirst(7).first ?? UInt8(ascii: "0")
        return eighth >= UInt8(ascii: "5") ? ticks + 1 : ticks
    }
}

extension Int64 {
    /// Ticks below a second as `.digits` without the zeros at the end; empty for none.
    var fractionText: String {
        if self == 0 { return "" }
        var digits = padded(7)
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }

    func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
