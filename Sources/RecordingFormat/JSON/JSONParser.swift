/// Why a text is not JSON.
package struct JSONError: Error, Sendable, Hashable {
    package let message: String
    /// The byte at which it was noticed.
    package let offset: Int

    package init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }
}

extension JSONValue {
    /// Parses one JSON text (RFC 8259), at most 64 values deep; invalid UTF-8 and lone surrogates become U+FFFD.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }
}

/// A recursive-descent parser over bytes that are all there.
struct JSONParser {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int
    private static let maximumDepth = RecordingBound.depth.bytes

    init(bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard offset == end else { throw error("nothing may follow the value") }
        return value
    }

    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw error("values nested more than \(Self.maximumDepth) deep") }
        skipBlanks()
        switch peek() {
        case 0x7B: return .object(try members(depth: depth))
        case 0x5B: return .array(try elements(depth: depth))
        case 0x22: return .string(try string())
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func members(depth: Int) throws(JSONError) -> [JSONMember] {
        var members: [JSONMember] = []
        offset += 1
        guard !skip(0x7D) else { return members }
        repeat {
            skipBlanks()
            let key = try string()
            guard skip(0x3A) else { throw error("a colon is missing") }
            members.append(JSONMember(key: key, value: try value(depth: depth + 1)))
        } while skip(0x2C)
        guard skip(0x7D) else { throw error("a closing brace is missing") }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        offset += 1
        guard !skip(0x5D) else { return elements }
        repeat { elements.append(try value(depth: depth + 1)) } while skip(0x2C)
        guard skip(0x5D) else { throw error("a closing bracket is missing") }
        return elements
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in word.utf8 {
            guard peek() == byte else { throw error("\(word) is misspelt") }
            offset += 1
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        while let byte = peek(),
            byte == 0x2D || byte == 0x2B || byte == 0x2E || byte | 0x20 == 0x65
                || (0x30...0x39).contains(byte)
        {
            offset += 1
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        guard let double = Double(text) else {
            offset = start
            throw error("a value is missing")
        }
        return .double(double)
    }

    mutating func string() throws(JSONError) -> String {
        guard peek() == 0x22 else { throw error("a string is missing") }
        offset += 1
        var text: [UInt8] = []
        while let byte = peek() {
            offset += 1
            switch byte {
            case 0x22: return String(decoding: text, as: UTF8.self)
            case 0x5C: try appendEscape(to: &text)
            case 0x00..<0x20:
                offset -= 1
                throw error("a control character within a string")
            default: text.append(byte)
            }
        }
        throw error("a string does not end")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        let escape = peek()
        offset += 1
        switch escape {
        case 0x22, 0x5C, 0x2F: text.append(escape ?? 0)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75: text += try escapedScalar().utf8
        default:
            offset -= 1
            throw error("an unknown escape")
        }
    }

    /// The scalar behind `\u`, its low surrogate taken too; U+FFFD for a surrogate without the other.
    private mutating func escapedScalar() throws(JSONError) -> Character {
        let unit = try hexadecimalUnit()
        guard (0xD800...0xDBFF).contains(unit), peek() == 0x5C, offset + 1 < end, bytes[offset + 1] == 0x75 else {
            return Unicode.Scalar(unit).map(Character.init) ?? "\u{FFFD}"
        }
        let next = offset
        offset += 2
        let low = try hexadecimalUnit()
        guard (0xDC00...0xDFFF).contains(low) else {
            offset = next
            return "\u{FFFD}"
        }
        let scalar = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return Unicode.Scalar(scalar).map(Character.init) ?? "\u{FFFD}"
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = peek().flatMap(hexadecimalValue) else {
                throw error("four hexadecimal digits are missing")
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    /// Skips blanks and then `byte`; false, and only blanks skipped, where something else comes.
    mutating func skip(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private func peek() -> UInt8? {
        offset < end ? bytes[offset] : nil
    }

    private func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: offset)
    }
}
