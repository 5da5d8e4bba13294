import YAML

/// Python's numbers (The Python Language Reference, 2.4.5 to 2.4.7), without imaginary ones.
enum PythonNumber {
    /// More of them Python refuses.
    private static let mostDigits = 4300

    /// What a name or a number may go on with.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }

    /// The number at a text's beginning, and its length in bytes; nil where it is not one.
    static func read(_ text: ArraySlice<UInt8>) -> (YAMLNode.Value, Int)? {
        var rest = text
        let whole = digits(&rest, below: 10)
        if whole == [0x30], let letter = rest.first, let radix = radix(letter) {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
            guard let value = digits(&rest, below: radix), ends(rest) else { return nil }
            return integer(value, radix).map { ($0, text.count - rest.count) }
        }
        var isFloat = false
        var fraction: [UInt8]?
        if rest.first == UInt8(ascii: ".") {
            isFloat = true
            rest = rest.dropFirst()
            fraction = digits(&rest, below: 10)
        }
        guard whole != nil || fraction != nil else { return nil }
        var exponent = ""
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            var after = rest.dropFirst()
            let sign = after.first == UInt8(ascii: "-") ? "-" : ""
            if after.first == UInt8(ascii: "-") || after.first == UInt8(ascii: "+") { after = after.dropFirst() }
            guard let power = digits(&after, below: 10) else { return nil }
            exponent = "e" + sign + String(decoding: power, as: UTF8.self)
            isFloat = true
            rest = after
        }
        guard ends(rest) else { return nil }
        let length = text.count - rest.count
        if isFloat {
            let number = String(decoding: (whole ?? [0x30]) + [0x2E] + (fraction ?? [0x30]), as: UTF8.self)
            return Double(number + exponent).map { (.number($0), length) }
        }
        guard let whole, whole.first != 0x30 || whole.allSatisfy({ $0 == 0x30 }) else { return nil }
        return integer(whole, 10).map { ($0, length) }
    }

    private static func radix(_ letter: UInt8) -> UInt8? {
        switch letter | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    /// Digits with single `_` between; nil where there are none.
    private static func digits(_ text: inout ArraySlice<UInt8>, below radix: UInt8) -> [UInt8]? {
        var found: [UInt8] = []
        var rest = text
        while true {
            var after = rest
            if !found.isEmpty, after.first == UInt8(ascii: "_") { after = after.dropFirst() }
            guard let byte = after.first, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix
            else {
                break
            }
            found.append(byte)
            rest = after.dropFirst()
        }
        text = rest
        return found.isEmpty ? nil : found
    }

    private static func ends(_ rest: ArraySlice<UInt8>) -> Bool {
        rest.first.map { !isWord($0) && $0 != UInt8(ascii: ".") } ?? true
    }

    private static func integer(_ digits: [UInt8], _ radix: UInt8) -> YAMLNode.Value? {
        guard digits.count <= mostDigits else { return nil }
        var number = WholeNumber()
        for digit in digits {
            number.append(Character(Unicode.Scalar(digit)).hexDigitValue ?? 0, radix: Int(radix))
        }
        return number.value(isNegative: false)
    }
}
