/// YAML 1.1's numbers: `0x1F`, `010` (8), `0b11`, `1_000`, `190:20:30` (to the base of 60), `1.5e+3`, `.inf`.
enum YAMLNumber {
    private static let mostDigits = 4300
    private static let underscore = UInt8(ascii: "_")
    private static let colon = UInt8(ascii: ":")
    private static let point = UInt8(ascii: ".")

    /// https://yaml.org/type/int.html, as PyYAML has it.
    static func isInteger(_ bytes: [UInt8]) -> Bool {
        let digits = unsigned(bytes)
        guard let first = digits.first, isDigit(first) else { return false }
        let rest = digits.dropFirst()
        if first == UInt8(ascii: "0") {
            switch rest.first {
            case nil: return true
            case UInt8(ascii: "b"): return rest.count > 1 && rest.dropFirst().allSatisfy { isDigit($0, below: 2) }
            case UInt8(ascii: "x"): return rest.count > 1 && rest.dropFirst().allSatisfy(isHexadecimal)
            default: return rest.allSatisfy { isDigit($0, below: 8) }
            }
        }
        let parts = digits.split(separator: colon, omittingEmptySubsequences: false)
        return parts[0].allSatisfy { isDigit($0, below: 10) } && parts.dropFirst().allSatisfy(isSexagesimal)
    }

    /// https://yaml.org/type/float.html, as PyYAML has it: without a point it is not one.
    static func isFloat(_ bytes: [UInt8]) -> Bool {
        let digits = unsigned(bytes)
        switch String(decoding: digits, as: UTF8.self) {
        case ".inf", ".Inf", ".INF": return true
        case ".nan", ".NaN", ".NAN": return digits.count == bytes.count
        default: break
        }
        guard let place = digits.firstIndex(of: point) else { return false }
        let whole = digits[..<place]
        var fraction = digits[(place + 1)...]
        if let first = whole.first {
            guard isDigit(first) else { return false }
            let parts = whole.split(separator: colon, omittingEmptySubsequences: false)
            guard parts[0].allSatisfy({ isDigit($0, below: 10) }) else { return false }
            if parts.count > 1 {
                return parts.dropFirst().allSatisfy(isSexagesimal) && fraction.allSatisfy { isDigit($0, below: 10) }
            }
        } else {
            guard digits.count == bytes.count, let first = fraction.first, isDigit(first) else { return false }
        }
        if let power = fraction.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            let exponent = fraction[(power + 1)...]
            guard let sign = exponent.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), exponent.count > 1,
                exponent.dropFirst().allSatisfy({ isDigit($0) })
            else { return false }
            fraction = fraction[..<power]
        }
        return fraction.allSatisfy { isDigit($0, below: 10) }
    }

    /// - Precondition: `isInteger`.
    /// - Returns: nil where it has no digit, or more than Python takes.
    static func integer(_ bytes: [UInt8]) -> YAMLNode.Value? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = unsigned(bytes).filter { $0 != underscore }
        guard digits != [UInt8(ascii: "0")] else { return .integer(0) }
        guard digits.count <= mostDigits else { return nil }
        let groups: [ArraySlice<UInt8>]
        let radix: Int
        switch (digits.first, digits.dropFirst().first) {
        case (UInt8(ascii: "0"), UInt8(ascii: "b")): (groups, radix) = ([digits.dropFirst(2)], 2)
        case (UInt8(ascii: "0"), UInt8(ascii: "x")): (groups, radix) = ([digits.dropFirst(2)], 16)
        case (UInt8(ascii: "0"), _): (groups, radix) = ([digits[...]], 8)
        default: (groups, radix) = (digits.split(separator: colon), 10)
        }
        guard !groups.contains(where: \.isEmpty), !groups.isEmpty else { return nil }
        var number = WholeNumber()
        for group in groups {
            var part = WholeNumber()
            for digit in group { part.append(hexadecimal(digit), radix: radix) }
            number.append(part, radix: 60)
        }
        return number.value(isNegative: isNegative)
    }

    /// - Precondition: `isFloat`, or the word of a `!!float`.
    static func float(_ bytes: [UInt8]) -> Double? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let text = String(decoding: unsigned(bytes).filter { $0 != underscore }, as: UTF8.self).lowercased()
        switch text {
        case ".inf": return isNegative ? -.infinity : .infinity
        case ".nan": return .nan
        default: break
        }
        var number = 0.0
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard let value = Double(part) else { return nil }
            number = number * 60 + value
        }
        return isNegative ? -number : number
    }

    private static func unsigned(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
    }

    /// - Parameter radix: takes `_` too.
    private static func isDigit(_ byte: UInt8, below radix: UInt8) -> Bool {
        byte == underscore || (UInt8(ascii: "0")..<UInt8(ascii: "0") + radix).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte, below: 10) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    /// `[0-5]?[0-9]`
    private static func isSexagesimal(_ digits: ArraySlice<UInt8>) -> Bool {
        guard let last = digits.last, isDigit(last), digits.count <= 2 else { return false }
        return digits.count == 1 || digits.first.map { (UInt8(ascii: "0")...UInt8(ascii: "5")).contains($0) } == true
    }

    private static func hexadecimal(_ byte: UInt8) -> Int {
        isDigit(byte) ? Int(byte - UInt8(ascii: "0")) : Int((byte | 0x20) - UInt8(ascii: "a")) + 10
    }
}
