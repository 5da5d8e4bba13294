extension PSDecimal {
    private static let greatest = UInt128(1) << 96 - 1

    /// Reads what .NET reads: blanks around it, sign, digits, point. Places that do not fit are rounded away, half to
    /// even; nil for what does not fit at all.
    init?(text: ArraySlice<UInt8>) {
        var rest = text.trimmed
        let isNegative = rest.take(UInt8(ascii: "-"))
        if !isNegative { _ = rest.take(UInt8(ascii: "+")) }
        let whole = rest.takeDigits()
        let fraction = rest.take(UInt8(ascii: ".")) ? rest.takeDigits() : []
        guard rest.isEmpty, !whole.isEmpty || !fraction.isEmpty else { return nil }
        var magnitude: UInt128 = 0
        for byte in whole {
            magnitude = magnitude * 10 + UInt128(byte - UInt8(ascii: "0"))
            if magnitude > Self.greatest { return nil }
        }
        var scale: UInt8 = 0
        var dropped = fraction
        while let byte = dropped.first, scale < 28 {
            let longer = magnitude * 10 + UInt128(byte - UInt8(ascii: "0"))
            if longer > Self.greatest { break }
            magnitude = longer
            scale += 1
            dropped.removeFirst()
        }
        if Self.roundsUp(dropped, after: magnitude) { magnitude += 1 }
        if magnitude > Self.greatest {
            guard scale > 0 else { return nil }
            // 2^96 ends in 6: one place less rounds up.
            magnitude = magnitude / 10 + 1
            scale -= 1
        }
        self.init(isNegative: isNegative && magnitude != 0, magnitude: magnitude, scale: scale)
    }

    private static func roundsUp(_ dropped: ArraySlice<UInt8>, after magnitude: UInt128) -> Bool {
        guard let first = dropped.first else { return false }
        let isHalf = first == UInt8(ascii: "5") && dropped.dropFirst().allSatisfy { $0 == UInt8(ascii: "0") }
        return isHalf ? magnitude % 2 == 1 : first >= UInt8(ascii: "5")
    }

    var text: String {
        var digits = String(magnitude)
        if digits.utf8.count <= Int(scale) {
            digits = String(repeating: "0", count: Int(scale) + 1 - digits.utf8.count) + digits
        }
        if scale > 0 { digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -Int(scale))) }
        return isNegative ? "-" + digits : digits
    }
}
