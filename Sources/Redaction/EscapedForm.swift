import ConsoleText

/// A way of writing text in which some characters are written as several.
enum EscapedForm: UInt16, CaseIterable {
    /// `%2B` (RFC 3986, section 2.1).
    case percent
    /// The same, and `+` for a blank (HTML's form encoding).
    case form
    /// `\"`, `\u0022` (RFC 8259, section 7), and what shells and C have alike: `\'`, `\x41`.
    case backslash
    /// `&quot;`, `&#34;`, `&#x22;`, and CLIXML's `_x0022_` (MS-PSRP, section 2.2.5.3.2).
    case markup
    /// `''` for a quote, as PowerShell and SQL have it; `""`, as PowerShell and CSV have it.
    case doubledSingle, doubledDouble
    /// `'\''` and `'"'"'` for a quote, as a POSIX shell has them.
    case shellQuote
    /// PowerShell's backtick before a character.
    case backtick
    /// What a terminal does not show as characters of their own: control sequences (see `ControlSequence`), marks that
    /// combine with the character before them, marks of no width.
    case terminal

    enum Verdict {
        /// More must come to tell.
        case more
        /// It stands for itself.
        case literal
        /// It stands for these bytes.
        case decoded([UInt8])
    }

    /// For each byte, a bit for each form that it may begin something in.
    static let beginnings: [UInt16] = (0...255).map { byte in
        let forms: [EscapedForm] =
            switch UInt8(byte) {
            case 0x25: [.percent, .form]
            case 0x2B: [.form]
            case 0x5C: [.backslash]
            case 0x26, 0x5F: [.markup]
            case 0x22: [.doubledDouble]
            case 0x27: [.doubledSingle, .shellQuote]
            case 0x60: [.backtick]
            case ControlSequence.escape, 0xC2, 0xCC, 0xCD, 0xE2, 0xEF: [.terminal]
            default: []
            }
        return forms.reduce(0) { $0 | $1.bit }
    }

    var bit: UInt16 { 1 << rawValue }

    /// Whether line ends and NULs may stand within an escape, as where a text was wrapped. What begins with a backslash or a
    /// backtick and a line end goes on in the next line.
    private var isWrappable: Bool { self != .terminal && self != .backtick }

    /// Whether a byte within an escape is no part of it.
    /// - Parameter pending: the escape's bytes so far; not empty.
    func passesOver(_ byte: UInt8, behind pending: [UInt8]) -> Bool {
        byte.isPassedOver && isWrappable && (pending.count > 1 || self != .backslash)
    }

    /// What bytes mean that begin with one of `beginnings`.
    func verdict(on bytes: [UInt8]) -> Verdict {
        switch self {
        case .percent, .form: Self.percent(bytes)
        case .backslash: Self.backslash(bytes)
        case .markup: bytes[0] == 0x26 ? Self.entity(bytes) : Self.underscored(bytes)
        case .doubledSingle, .doubledDouble:
            bytes.count < 2 ? .more : bytes[1] == bytes[0] ? .decoded([bytes[0]]) : .literal
        case .shellQuote: Self.shellQuote(bytes)
        case .backtick: bytes.count < 2 ? .more : .decoded(bytes[1].isLetterOfControl ? [] : [bytes[1]])
        case .terminal: bytes[0] == ControlSequence.escape ? Self.sequence(bytes) : Self.mark(bytes)
        }
    }

    private static func percent(_ bytes: [UInt8]) -> Verdict {
        guard bytes[0] == 0x25 else { return .decoded([0x20]) }
        guard bytes.dropFirst().allSatisfy({ $0.hexadecimalValue != nil }) else { return .literal }
        return bytes.count < 3 ? .more : .decoded([UInt8(truncatingIfNeeded: number(bytes[1...]))])
    }

    private static func backslash(_ bytes: [UInt8]) -> Verdict {
        guard bytes.count > 1 else { return .more }
        switch bytes[1] {
        case UInt8(ascii: "u"): return units(bytes, opening: [0x5C, 0x75], closing: [])
        case UInt8(ascii: "x"):
            guard bytes.dropFirst(2).allSatisfy({ $0.hexadecimalValue != nil }) else { return .literal }
            return bytes.count < 4 ? .more : .decoded([UInt8(truncatingIfNeeded: number(bytes[2...]))])
        default: return .decoded(bytes[1].isLetterOfControl ? [] : [bytes[1]])
        }
    }

    private static func underscored(_ bytes: [UInt8]) -> Verdict {
        units(bytes, opening: [0x5F, 0x78], closing: [0x5F])
    }

    /// A UTF-16 unit in four digits between `opening` and `closing`; two of them for a surrogate pair.
    private static func units(_ bytes: [UInt8], opening: [UInt8], closing: [UInt8]) -> Verdict {
        let length = opening.count + 4 + closing.count
        var units: [UInt16] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(length)
            for (index, byte) in part.enumerated() {
                let fits =
                    index < opening.count
                    ? byte == opening[index]
                    : index < opening.count + 4
                        ? byte.hexadecimalValue != nil : byte == closing[index - opening.count - 4]
                guard fits else { return .literal }
            }
            guard part.count == length else { return .more }
            units.append(UInt16(number(part.dropFirst(opening.count).prefix(4))))
            rest = rest.dropFirst(length)
        }
        if units.count == 1, UTF16.isLeadSurrogate(units[0]) { return .more }
        return .decoded(Array(String(decoding: units, as: UTF16.self).utf8))
    }

    private static func entity(_ bytes: [UInt8]) -> Verdict {
        guard let last = bytes.dropFirst().last else { return .more }
        let name = bytes.dropFirst()
        guard last == 0x3B else {
            return (last.isLetterOrDigit || last == 0x23) && bytes.count < 10 ? .more : .literal
        }
        switch String(decoding: name.dropLast(), as: UTF8.self) {
        case "quot": return .decoded([0x22])
        case "apos": return .decoded([0x27])
        case "amp": return .decoded([0x26])
        case "lt": return .decoded([0x3C])
        case "gt": return .decoded([0x3E])
        case let text where text.first == "#":
            let digits = text.dropFirst()
            let isHexadecimal = digits.first == "x" || digits.first == "X"
            let value = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            guard let scalar = value.flatMap(Unicode.Scalar.init) else { return .literal }
            return .decoded(Array(String(scalar).utf8))
        default: return .literal
        }
    }

    private static func shellQuote(_ bytes: [UInt8]) -> Verdict {
        for whole in [[0x27, 0x5C, 0x27, 0x27], [0x27, 0x22, 0x27, 0x22, 0x27]] as [[UInt8]]
        where whole.starts(with: bytes) {
            return bytes.count < whole.count ? .more : .decoded([0x27])
        }
        return .literal
    }

    private static func sequence(_ bytes: [UInt8]) -> Verdict {
        var scanner = ControlSequenceScanner(behind: bytes.dropLast())
        return switch scanner.take(bytes[bytes.count - 1]) {
        case .more: .more
        case .none: .literal
        case .whole: .decoded([])
        }
    }

    private static func mark(_ bytes: [UInt8]) -> Verdict {
        let length = bytes[0] < 0xE0 ? 2 : 3
        guard bytes.count == length else { return bytes.last.map { $0 >= 0x80 } == true ? .more : .literal }
        guard let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first else { return .literal }
        switch scalar.value {
        case 0x80...0x9F, 0xAD, 0x300...0x36F, 0x200B...0x200F, 0x2060...0x2064, 0xFE00...0xFE0F, 0xFEFF:
            return .decoded([])
        default: return .literal
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32 {
        digits.reduce(0) { $0 << 4 | UInt32($1.hexadecimalValue ?? 0) }
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }

    /// Whether it names a control character behind a backslash or a backtick: 0, a, b, e, f, n, r, t, v.
    fileprivate var isLetterOfControl: Bool {
        switch self {
        case 0x30, 0x61, 0x62, 0x65, 0x66, 0x6E, 0x72, 0x74, 0x76: true
        default: false
        }
    }
}
