/// Finds how much of a text must be read again for a shallow reading to stand where it would, had it read all of it.
struct Lookback {
    /// How many bytes there are that the plain reading reads.
    private var plain = 0
    /// For each cursor a bit: its last byte is known.
    private var base64: UInt8 = 0
    private var hexadecimal: UInt8 = 0
    private var isBase64Known = false
    private var isDecimalKnown = false
    /// How many digits were seen, and the one that stands behind the next one found.
    private var sextets = 0
    private var digitsBefore = 0
    private var lastSextet: UInt8 = 0
    private var nibbles = 0
    private var lastNibble: UInt8 = 0

    private var isEnough: Bool { plain >= 2 && isBase64Known && hexadecimal == 3 && isDecimalKnown }

    /// A byte that is not a blank, behind which all is as it would be; where there is none, the first one.
    static func start(of range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var lookback = Lookback()
        let kinds = ByteKind.table
        var index = range.upperBound
        while index > range.lowerBound {
            index -= 1
            let byte = text[index]
            if byte.isPassedOver { continue }
            let before = index > range.lowerBound ? text[index - 1] : 0
            if byte == 0x20 {
                // Else it may stand at the beginning of a line.
                if before > 0x20, before != 0x7F {
                    lookback.plain += 1
                    lookback.isBase64Known = true
                }
                continue
            }
            lookback.plain += 1
            let kind = kinds[Int(byte)]
            lookback.add(sextet: kind)
            lookback.add(nibble: kind)
            if kind.flags & ByteKind.digit == 0 {
                if !byte.isBetweenNumbers { lookback.isDecimalKnown = true }
            } else if !before.isPassedOver, !(0x30...0x39).contains(before) {
                lookback.isDecimalKnown = lookback.isDecimalKnown || isKnown(text[index..<range.upperBound])
            } else {
                // It may stand within a number.
                continue
            }
            if lookback.isEnough { return index }
        }
        return range.lowerBound
    }

    private mutating func add(sextet kind: ByteKind) {
        guard kind.flags & ByteKind.sextet != 0 else { return isBase64Known = true }
        if base64 == 15 {
            // The first two digits that are read complete no byte, and not each.
            digitsBefore += 1
            if digitsBefore == 2 { isBase64Known = true }
        } else if sextets > 0 {
            let bits = UInt32(kind.sextet) << 6 | UInt32(lastSextet)
            for place in 1...3 where !UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * place)).isPassedOver {
                base64 |= 1 << UInt8((sextets + place) & 3)
            }
        }
        lastSextet = kind.sextet
        sextets += 1
    }

    private mutating func add(nibble kind: ByteKind) {
        guard kind.flags & ByteKind.nibble != 0 else {
            if kind.flags & ByteKind.betweenNibbles == 0 { hexadecimal = 3 }
            return
        }
        if nibbles > 0, !(kind.nibble << 4 | lastNibble).isPassedOver { hexadecimal |= 1 << UInt8(nibbles & 1) }
        lastNibble = kind.nibble
        nibbles += 1
    }

    /// Whether a number, which begins here, ends here and is a byte that is not passed over, or no byte at all.
    private static func isKnown(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var value = 0
        for byte in text {
            guard (0x30...0x39).contains(byte) else {
                let isEnd = !byte.isPassedOver || byte == 0x0A
                return isEnd && !(UInt8(exactly: value)?.isPassedOver ?? false)
            }
            value = min(value * 10 + Int(byte - 0x30), 256)
        }
        return false
    }
}
