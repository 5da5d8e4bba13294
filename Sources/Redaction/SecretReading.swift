/// A text read in several ways at once: as it stands, as base64 (RFC 4648, sections 4 and 5) at each of the places where a
/// group of four may begin, as hexadecimal digits, and as decimal numbers of bytes.
///
/// Line ends, and blanks behind them, are passed over: what was wrapped is read on.
struct SecretReading {
    private(set) var plain = SecretCursor()
    private(set) var base64 = (SecretCursor(), SecretCursor(), SecretCursor(), SecretCursor())
    private(set) var hexadecimal = (SecretCursor(), SecretCursor())
    /// The last ten digits of base64, how many there were in a row, and where the last one stands.
    private(set) var sextets: UInt64 = 0
    private var sextetCount = 0
    private var lastSextet = 0
    private(set) var nibbles: UInt64 = 0
    private var nibbleCount = 0
    private var lastNibble = 0
    private(set) var decimal = SecretCursor()
    private(set) var number = DecimalNumber()
    private(set) var isAtLineStart = false

    /// Whether nothing read so far may become a secret.
    var isAtRest: Bool {
        plain.isAtRest && base64.0.isAtRest && base64.1.isAtRest && base64.2.isAtRest && base64.3.isAtRest
            && hexadecimal.0.isAtRest && hexadecimal.1.isAtRest && decimal.isAtRest
    }

    /// Where the text begins that may yet become a secret.
    var heldFrom: Int? {
        let number = number.digits > 0 && (number.mayBegin || !decimal.isAtRest) ? number.start : nil
        guard !isAtRest else { return number }
        let cursors = [plain, base64.0, base64.1, base64.2, base64.3, hexadecimal.0, hexadecimal.1, decimal]
        return (cursors.map(\.heldFrom) + [number]).lazy.compactMap(\.self).min()
    }

    /// Reads a byte that stands for the text from `start` up to `end`.
    mutating func read(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        guard !byte.isPassedOver else {
            if byte == 0x0A {
                isAtLineStart = true
                endNumber(in: &trie, into: &found)
            }
            return
        }
        if isAtLineStart {
            if byte == 0x20 {
                let belongs = trie.hasChild(plain.node, by: byte)
                if belongs { plain.read(byte, from: start, to: end, in: &trie, into: &found) }
                return
            }
            isAtLineStart = false
        }
        plain.read(byte, from: start, to: end, in: &trie, into: &found)
        readBase64(byte, from: start, to: end, in: &trie, into: &found)
        readHexadecimal(byte, from: start, to: end, in: &trie, into: &found)
        readDecimal(byte, from: start, to: end, in: &trie, into: &found)
    }

    /// Reads anew, in the middle of a line.
    mutating func begin() {
        plain.rest()
        base64.0.rest()
        base64.1.rest()
        base64.2.rest()
        base64.3.rest()
        hexadecimal.0.rest()
        hexadecimal.1.rest()
        decimal.rest()
        sextetCount = 0
        nibbleCount = 0
        number.digits = 0
        isAtLineStart = false
    }

    /// The text ends here.
    mutating func end(in trie: inout SecretTrie, into found: inout [FoundSecret]) {
        endNumber(in: &trie, into: &found)
    }

    private mutating func readBase64(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        let sextet = Self.digitValues[Int(byte)]
        guard sextet < 64 else {
            guard sextetCount > 0 else { return }
            sextetCount = 0
            base64.0.rest()
            base64.1.rest()
            base64.2.rest()
            base64.3.rest()
            return
        }
        sextets = sextets << 6 | UInt64(sextet)
        if sextetCount > 0 {
            // Each cursor goes by groups that begin at its own number; to the one whose group begins here, the digit
            // completes no byte.
            let group = sextetCount & 3
            for place in 1...min(3, sextetCount) {
                let value = UInt8(truncatingIfNeeded: sextets >> UInt64(6 - 2 * place))
                switch (group - place) & 3 {
                case 0: base64.0.read(value, from: lastSextet, to: end, in: &trie, into: &found)
                case 1: base64.1.read(value, from: lastSextet, to: end, in: &trie, into: &found)
                case 2: base64.2.read(value, from: lastSextet, to: end, in: &trie, into: &found)
                default: base64.3.read(value, from: lastSextet, to: end, in: &trie, into: &found)
                }
            }
        }
        sextetCount += 1
        lastSextet = start
    }

    private mutating func readHexadecimal(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        guard let nibble = byte.hexadecimalValue else {
            if nibbleCount == 0 || byte.isBetweenNibbles { return }
            nibbleCount = 0
            hexadecimal.0.rest()
            hexadecimal.1.rest()
            return
        }
        nibbles = nibbles << 4 | UInt64(nibble)
        if nibbleCount > 0 {
            let value = UInt8(truncatingIfNeeded: nibbles)
            if nibbleCount & 1 == 0 {
                hexadecimal.0.read(value, from: lastNibble, to: end, in: &trie, into: &found)
            } else {
                hexadecimal.1.read(value, from: lastNibble, to: end, in: &trie, into: &found)
            }
        }
        nibbleCount += 1
        lastNibble = start
    }

    private mutating func readDecimal(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        if (0x30...0x39).contains(byte) {
            number.append(byte - 0x30, from: start, to: end)
            number.mayBegin = number.mayBecomeByte(in: trie)
            return
        }
        endNumber(in: &trie, into: &found)
        if !byte.isBetweenNumbers { decimal.rest() }
    }

    private mutating func endNumber(in trie: inout SecretTrie, into found: inout [FoundSecret]) {
        guard number.digits > 0 else { return }
        if number.value < 256 {
            let byte = UInt8(number.value)
            decimal.read(byte, from: number.start, to: number.end, in: &trie, into: &found)
        } else {
            decimal.rest()
        }
        number.digits = 0
    }

    /// The value of each digit of both alphabets; 64 for what is none.
    static let digitValues: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        values[0x2D] = 62
        values[0x5F] = 63
        return values
    }()
}

/// A number that is being read, where it begins and ends.
struct DecimalNumber {
    var digits = 0
    var value = 0
    var start = 0
    var end = 0
    /// Whether it may become a secret's first byte.
    var mayBegin = false

    mutating func append(_ digit: UInt8, from start: Int, to end: Int) {
        if digits == 0 {
            self.start = start
            value = 0
        }
        digits += 1
        value = min(value * 10 + Int(digit), 256)
        self.end = end
    }

    /// Whether it is, or more digits may make of it, a byte that a secret begins with.
    func mayBecomeByte(in trie: borrowing SecretTrie) -> Bool {
        if value < 256, trie.begins(with: UInt8(value)) { return true }
        guard value < 26 else { return false }
        for digit in 0...9 where value * 10 + digit < 256 {
            if trie.begins(with: UInt8(value * 10 + digit)) { return true }
        }
        return false
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit in either case.
    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
