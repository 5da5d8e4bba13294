extension ArraySlice<UInt8> {
    /// Without XML's white space at either end.
    var trimmed: ArraySlice<UInt8> {
        var text = self
        while let byte = text.first, byte.isXMLSpace { text.removeFirst() }
        while let byte = text.last, byte.isXMLSpace { text.removeLast() }
        return text
    }

    /// Takes the first byte off where it is this one.
    mutating func take(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        removeFirst()
        return true
    }

    /// Takes the decimal digits at the beginning off.
    mutating func takeDigits() -> ArraySlice<UInt8> {
        let end = firstIndex { $0 &- UInt8(ascii: "0") > 9 } ?? endIndex
        defer { self = self[end...] }
        return self[..<end]
    }

    /// Takes an unsigned decimal number of this many digits off; nil where none stands or it is beyond 64 bits.
    mutating func takeNumber(digits: ClosedRange<Int> = 1...19) -> Int64? {
        let text = takeDigits()
        guard digits.contains(text.count) else { return nil }
        var number: Int64 = 0
        for byte in text {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            number = sum
        }
        return number
    }
}

extension FixedWidthInteger {
    /// Reads a whole number as .NET does: blanks around it, a sign of either kind; nil for anything else.
    init?(number text: ArraySlice<UInt8>) {
        var text = text.trimmed
        let isNegative = text.take(UInt8(ascii: "-"))
        if !isNegative { _ = text.take(UInt8(ascii: "+")) }
        guard !text.isEmpty else { return nil }
        var number: Self = 0
        for byte in text {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? product.subtractingReportingOverflow(Self(digit)) : product.addingReportingOverflow(Self(digit))
            if overflow || carry { return nil }
            number = sum
        }
        self = number
    }
}

extension Bool {
    /// XML Schema's boolean.
    init?(xml text: ArraySlice<UInt8>) {
        switch String(decoding: text.trimmed, as: UTF8.self) {
        case "true", "1": self = true
        case "false", "0": self = false
        default: return nil
        }
    }
}

extension PSVersionNumber {
    /// Two to four numbers with points between them.
    init?(text: ArraySlice<UInt8>) {
        var components: [Int32] = []
        for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let number = Int32(number: part), number >= 0 else { return nil }
            components.append(number)
        }
        guard 2...4 ~= components.count else { return nil }
        self.init(components: components)
    }
}

extension PSGuid {
    /// One of .NET's forms D, N, B and P.
    init?(text: ArraySlice<UInt8>) {
        var text = text.trimmed
        let opening: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "(")]
        let closing: [UInt8] = [UInt8(ascii: "}"), UInt8(ascii: ")")]
        if let bracket = text.first.flatMap(opening.firstIndex(of:)) {
            guard text.last == closing[bracket], text.count == 38 else { return nil }
            text = text.dropFirst().dropLast()
        } else if text.count == 32 {
            var groups: [UInt8] = []
            for (index, byte) in text.enumerated() {
                if [8, 12, 16, 20].contains(index) { groups.append(UInt8(ascii: "-")) }
                groups.append(byte)
            }
            text = groups[...]
        }
        self.init(text)
    }
}
