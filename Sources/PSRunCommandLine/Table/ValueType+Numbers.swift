extension ValueType<Int> {
    /// A whole number of PowerShell's Int32, in a range.
    static func integer(_ placeholder: String, in range: ClosedRange<Int> = int32) -> ValueType {
        ValueType(placeholder, "System.Int32") { (text) throws(ValueError) in
            guard let value = Int(text), range.contains(value) else {
                throw ValueError(why: "it takes a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return value
        }
    }

    /// Of a kept session: they are counted from 1.
    static let sessionID = integer("N", in: 1...Int(Int32.max))

    static var int32: ClosedRange<Int> { Int(Int32.min)...Int(Int32.max) }
}

extension ValueType<Int?> {
    /// How many runs at most.
    static let runCount = ValueType("N") { (text) throws(ValueError) in
        try ValueType<Int>.integer("N", in: 1...Int(Int32.max)).parse(text)
    }
}

extension ValueType<UInt16> {
    static let port = ValueType("PORT", "System.Int32") { (text) throws(ValueError) in
        UInt16(try ValueType<Int>.integer("PORT", in: 1...65_535).parse(text))
    }
}

extension ValueType<Double> {
    /// A factor greater than zero.
    static let factor = ValueType("FACTOR") { (text) throws(ValueError) in
        let isDecimal = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        }
        guard isDecimal, let value = Double(text), value > 0, value.isFinite else {
            throw ValueError(why: "it takes a number greater than 0, such as 2 or 0.5.")
        }
        return value
    }
}

extension ValueType<Duration?> {
    /// PowerShell's milliseconds: negative is unlimited.
    static let milliseconds = ValueType("MS", "System.Int32") { (text) throws(ValueError) in
        let value = try ValueType<Int>.integer("MS").parse(text)
        guard value != 0 else {
            throw ValueError(why: "a session cannot open in 0 ms; for no limit, leave it out or give -1.")
        }
        return value < 0 ? nil : .milliseconds(value)
    }
}

extension ValueType<Duration> {
    /// A number with its unit, greater than zero.
    static let duration = ValueType("TIME") { (text) throws(ValueError) in
        let value = try durationOrZero.parse(text)
        guard value > .zero else { throw ValueError(why: "it takes a time greater than 0.") }
        return value
    }

    /// A number with its unit.
    static let durationOrZero = ValueType("TIME") { (text) throws(ValueError) in
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = String(text.dropFirst(digits.count))
        guard !digits.isEmpty else { throw ValueError(why: "it takes a whole number and a unit, \(unitExamples).") }
        guard !unit.isEmpty else { throw ValueError(why: "it needs a unit, \(unitExamples).") }
        guard let milliseconds = units[unit] else { throw ValueError(why: "a unit is ms, s, m, h or d.") }
        guard let count = Int64(digits), count <= Int64(Int32.max) * 1_000 / milliseconds else {
            throw ValueError(why: "it is longer than 24 days.")
        }
        return .milliseconds(count * milliseconds)
    }

    private static var unitExamples: String { "such as 1500ms, 30s, 5m or 1h" }

    /// In milliseconds.
    private static var units: [String: Int64] {
        ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    }
}
