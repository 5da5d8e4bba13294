extension BinaryFloatingPoint where Self: LosslessStringConvertible {
    /// As .NET writes it for XML: the shortest digits that read back the same, an exponent (of two digits or more)
    /// only beyond 17 places before the point (9 of a single) or three zeros behind it, INF, -INF, NaN.
    func xmlText(places: Int) -> String {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-INF" : "INF" }
        let sign = sign == .minus ? "-" : ""
        if isZero { return sign + "0" }
        let (digits, point) = magnitude.shortestDigits
        let text: String
        if point > places || point < -3 {
            let exponent = point - 1
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let padding = abs(exponent) < 10 ? "0" : ""
            text = digits.prefix(1) + fraction + "E" + (exponent < 0 ? "-" : "+") + padding + String(abs(exponent))
        } else if point <= 0 {
            text = "0." + String(repeating: "0", count: -point) + digits
        } else if digits.count <= point {
            text = digits + String(repeating: "0", count: point - digits.count)
        } else {
            text = digits.prefix(point) + "." + digits.dropFirst(point)
        }
        return sign + text
    }

    /// The digits that Swift's own description has, which are the shortest as well, and the place of the point
    /// relative to the first of them.
    private var shortestDigits: (digits: String, point: Int) {
        let parts = description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let digits = whole + fraction
        let leading = digits.prefix { $0 == "0" }.count
        var significant = digits.dropFirst(leading)
        while significant.last == "0" { significant.removeLast() }
        return (String(significant), whole.count + exponent - leading)
    }

    /// Reads what .NET reads: blanks around it, sign, digits, point, exponent; INF or Infinity, and NaN.
    init?(xml text: ArraySlice<UInt8>) {
        let text = text.trimmed
        let spelling = String(decoding: text, as: UTF8.self)
        switch spelling.lowercased() {
        case "inf", "infinity", "+infinity": self = .infinity
        case "-inf", "-infinity": self = -.infinity
        case "nan", "-nan", "+nan": self = .nan
        default:
            guard text.isDecimalNumber else { return nil }
            self.init(spelling)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Sign, digits with a point among them, exponent: what there is in .NET's `NumberStyles.Float`.
    fileprivate var isDecimalNumber: Bool {
        var rest = self
        if !rest.take(UInt8(ascii: "-")) { _ = rest.take(UInt8(ascii: "+")) }
        var digits = rest.takeDigits().count
        if rest.take(UInt8(ascii: ".")) { digits += rest.takeDigits().count }
        guard digits > 0 else { return false }
        if rest.take(UInt8(ascii: "e")) || rest.take(UInt8(ascii: "E")) {
            if !rest.take(UInt8(ascii: "-")) { _ = rest.take(UInt8(ascii: "+")) }
            guard !rest.takeDigits().isEmpty else { return false }
        }
        return rest.isEmpty
    }
}
