/// A whole number of any size, read digit by digit.
package struct WholeNumber: Sendable {
    /// In groups of nine decimal digits, the lowest first.
    private var groups: [Int] = []

    private static let base = 1_000_000_000

    package init() {}

    /// Reads the next digit.
    package mutating func append(_ digit: Int, radix: Int) {
        var carry = digit
        for place in groups.indices {
            let sum = groups[place] * radix + carry
            groups[place] = sum % Self.base
            carry = sum / Self.base
        }
        if carry > 0 { groups.append(carry) }
    }

    /// Reads the next digit of a number whose digits are numbers themselves.
    mutating func append(_ digit: WholeNumber, radix: Int) {
        append(0, radix: radix)
        var carry = 0
        for place in 0..<max(groups.count, digit.groups.count) {
            if place == groups.count { groups.append(0) }
            let sum = groups[place] + (place < digit.groups.count ? digit.groups[place] : 0) + carry
            groups[place] = sum % Self.base
            carry = sum / Self.base
        }
        if carry > 0 { groups.append(carry) }
    }

    package func value(isNegative: Bool) -> YAMLNode.Value {
        var digits = groups.reversed().map { group in
            String(repeating: "0", count: 9 - String(group).count) + String(group)
        }.joined()
        digits = String(digits.drop { $0 == "0" })
        if digits.isEmpty { return .integer(0) }
        if isNegative { digits = "-" + digits }
        return Int(digits).map { .integer($0) } ?? .largeInteger(digits)
    }
}
