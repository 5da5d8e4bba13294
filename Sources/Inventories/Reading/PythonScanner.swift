import YAML

/// Splits a line of Python into the parts that literals are made of.
struct PythonScanner {
    enum Token: Equatable {
        case number(YAMLNode.Value)
        case string(String)
        case name(String)
        /// `…` is the ellipsis `...`.
        case mark(Character)
        case end
        /// What no literal has in it.
        case other

        static func == (left: Token, right: Token) -> Bool {
            switch (left, right) {
            case (.mark(let left), .mark(let right)): left == right
            case (.end, .end): true
            default: false
            }
        }
    }

    private let text: [UInt8]
    private var place = 0
    private var ahead: Token?
    /// Whether the string read last is one of bytes.
    private(set) var isBytes = false

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    mutating func peek() -> Token {
        if let ahead { return ahead }
        let token = read()
        ahead = token
        return token
    }

    mutating func next() -> Token {
        defer { ahead = nil }
        return peek()
    }

    private mutating func read() -> Token {
        while place < text.count, [0x20, 0x09, 0x0C].contains(text[place]) { place += 1 }
        guard place < text.count, text[place] != UInt8(ascii: "#") else { return .end }
        let byte = text[place]
        switch byte {
        case 0x30...0x39: return number()
        case UInt8(ascii: "."):
            if text[place...].starts(with: Array("...".utf8)) {
                place += 3
                return .mark("…")
            }
            return number()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return string(isRaw: false, isBytes: false)
        case _ where PythonNumber.isWord(byte): return word()
        default:
            place += 1
            return "()[]{},:+-".utf8.contains(byte) ? .mark(Character(Unicode.Scalar(byte))) : .other
        }
    }

    private mutating func number() -> Token {
        guard let (value, length) = PythonNumber.read(text[place...]) else { return .other }
        place += length
        return .number(value)
    }

    private mutating func word() -> Token {
        let word = text[place...].prefix(while: PythonNumber.isWord)
        place += word.count
        let name = String(decoding: word, as: UTF8.self)
        guard place < text.count, text[place] == UInt8(ascii: "'") || text[place] == UInt8(ascii: "\"") else {
            return .name(name)
        }
        switch name.lowercased() {
        case "r": return string(isRaw: true, isBytes: false)
        case "u": return string(isRaw: false, isBytes: false)
        case "b": return string(isRaw: false, isBytes: true)
        case "br", "rb": return string(isRaw: true, isBytes: true)
        default: return .other
        }
    }

    private mutating func string(isRaw: Bool, isBytes: Bool) -> Token {
        self.isBytes = isBytes
        let quote = text[place]
        let isTriple = text[place...].starts(with: [quote, quote, quote])
        let close = [UInt8](repeating: quote, count: isTriple ? 3 : 1)
        place += close.count
        var bytes: [UInt8] = []
        while place < text.count {
            if text[place...].starts(with: close) {
                place += close.count
                return .string(String(decoding: bytes, as: UTF8.self))
            }
            let byte = text[place]
            guard !isBytes || byte < 0x80 else { return .other }
            place += 1
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard place < text.count else { return .other }
            if isRaw {
                bytes += [byte, text[place]]
                place += 1
            } else if !escape(into: &bytes, isBytes: isBytes) {
                return .other
            }
        }
        return .other
    }

    /// - Returns: false where Python refuses it.
    private mutating func escape(into bytes: inout [UInt8], isBytes: Bool) -> Bool {
        let mark = text[place]
        place += 1
        switch mark {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): bytes.append(mark)
        case UInt8(ascii: "a"): bytes.append(0x07)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "v"): bytes.append(0x0B)
        case UInt8(ascii: "x"): return character(digits: 2, radix: 16, into: &bytes, isBytes: isBytes)
        case UInt8(ascii: "u") where !isBytes: return character(digits: 4, radix: 16, into: &bytes, isBytes: false)
        case UInt8(ascii: "U") where !isBytes: return character(digits: 8, radix: 16, into: &bytes, isBytes: false)
        // Names of characters would need Unicode's whole table.
        case UInt8(ascii: "N") where !isBytes: return false
        case 0x30...0x37:
            place -= 1
            let digits = text[place...].prefix(3).prefix { (0x30...0x37).contains($0) }.count
            return character(digits: digits, radix: 8, into: &bytes, isBytes: isBytes)
        default: bytes += [UInt8(ascii: "\\"), mark]
        }
        return true
    }

    private mutating func character(digits: Int, radix: Int, into bytes: inout [UInt8], isBytes: Bool) -> Bool {
        let word = text[place...].prefix(digits)
        guard word.count == digits, word.allSatisfy(PythonNumber.isWord),
            let number = UInt32(String(decoding: word, as: UTF8.self), radix: radix), number < 0x110000
        else { return false }
        place += digits
        if isBytes {
            bytes.append(UInt8(truncatingIfNeeded: number))
        } else {
            // Half a pair is a character to Python alone.
            bytes += Array(String(Character(Unicode.Scalar(number) ?? "\u{FFFD}")).utf8)
        }
        return true
    }
}
