/// Reads JSON (RFC 8259) as Python's reader does: a key twice is the last one's, NaN and Infinity are numbers.
struct JSONParser {
    private let text: [UInt8]
    private let dialect: YAMLDialect
    private var place = 0
    private var line = 1
    private var repeatedKeys: [YAMLDocument.RepeatedKey] = []

    init(_ text: [UInt8], _ dialect: YAMLDialect) {
        self.text = text
        self.dialect = dialect
    }

    mutating func document() throws(YAMLFailure) -> YAMLDocument {
        skipBlanks()
        let root = try value(depth: 0)
        skipBlanks()
        guard place == text.count else { throw failure("there is more behind its end") }
        return YAMLDocument(root: root, repeatedKeys: repeatedKeys)
    }

    private mutating func value(depth: Int) throws(YAMLFailure) -> YAMLNode {
        guard depth <= YAMLReader.deepest else {
            throw YAMLFailure(.tooDeep, line: line, "it is nested more than \(YAMLReader.deepest) levels deep")
        }
        switch text.indices.contains(place) ? text[place] : 0 {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""):
            let line = line
            return YAMLNode(.string(try string()), line: line)
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(YAMLFailure) -> YAMLNode {
        let start = line
        var map = YAMLMap()
        place += 1
        skipBlanks()
        if takes("}") { return YAMLNode(.map(map), line: start) }
        while true {
            let keyLine = line
            guard text.indices.contains(place), text[place] == UInt8(ascii: "\"") else {
                throw failure("a key in double quotes is missing")
            }
            let key = try string()
            skipBlanks()
            guard takes(":") else { throw failure("':' is missing") }
            skipBlanks()
            if map.set(YAMLNode(.string(key), line: keyLine), try value(depth: depth + 1)) == false {
                repeatedKeys.append(YAMLDocument.RepeatedKey(key: key, line: keyLine, column: 0))
            }
            skipBlanks()
            if takes("}") { return unwrapped(map, line: start) }
            guard takes(",") else { throw failure("',' or '}' is missing") }
            skipBlanks()
        }
    }

    private func unwrapped(_ map: YAMLMap, line: Int) -> YAMLNode {
        if map.count == 1, let entry = map.entries.first, let key = entry.key.string, let text = entry.value.string {
            switch dialect.wrappers[key] {
            case .plain: return entry.value
            case .encrypted: return YAMLNode(.encrypted(text), line: line)
            case nil: break
            }
        }
        return YAMLNode(.map(map), line: line)
    }

    private mutating func array(depth: Int) throws(YAMLFailure) -> YAMLNode {
        let start = line
        var items: [YAMLNode] = []
        place += 1
        skipBlanks()
        if takes("]") { return YAMLNode(.list(items), line: start) }
        while true {
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if takes("]") { return YAMLNode(.list(items), line: start) }
            guard takes(",") else { throw failure("',' or ']' is missing") }
            skipBlanks()
        }
    }

    private mutating func word() throws(YAMLFailure) -> YAMLNode {
        let rest = text[place...]
        let bytes = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
        }
        let word = String(decoding: bytes, as: UTF8.self)
        guard let value = Self.value(word) else {
            throw failure(word.isEmpty ? "a value is missing" : "'\(word.prefix(40))' is not a value of JSON")
        }
        place += bytes.count
        return YAMLNode(value, line: line, source: word)
    }

    private static func value(_ word: String) -> YAMLNode.Value? {
        switch word {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "NaN": return .number(.nan)
        case "Infinity": return .number(.infinity)
        case "-Infinity": return .number(-.infinity)
        default: break
        }
        let isNegative = word.utf8.first == UInt8(ascii: "-")
        let digits = isNegative ? word.utf8.dropFirst() : word.utf8[...]
        let whole = digits.prefix { (0x30...0x39).contains($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return nil }
        if whole.count == digits.count {
            if let number = Int(word) { return .integer(number) }
            return .largeInteger(word)
        }
        var rest = digits.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        if let mark = rest.first {
            guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard !rest.isEmpty, rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        }
        return Double(word).map { .number($0) }
    }

    private mutating func string() throws(YAMLFailure) -> String {
        place += 1
        var units: [UInt8] = []
        while place < text.count {
            let byte = text[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &units)
            case ..<0x20: throw failure("a control character stands in a text")
            default: units.append(byte)
            }
        }
        throw failure("a text does not end")
    }

    private mutating func escape(into units: inout [UInt8]) throws(YAMLFailure) {
        guard place < text.count else { throw failure("a text does not end") }
        let mark = text[place]
        place += 1
        switch mark {
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(mark)
        case UInt8(ascii: "u"):
            var number = try fourDigits()
            let isPair = text[place...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
            if (0xD800..<0xDC00).contains(number), isPair {
                let before = place
                place += 2
                let second = try fourDigits()
                if (0xDC00..<0xE000).contains(second) {
                    number = 0x10000 + (number - 0xD800) << 10 + (second - 0xDC00)
                } else {
                    place = before
                }
            }
            // Half a pair is not a character.
            units += Array(String(Character(Unicode.Scalar(number) ?? "\u{FFFD}")).utf8)
        default: throw failure("'\\\(Character(Unicode.Scalar(mark)))' is not an escape of JSON")
        }
    }

    private mutating func fourDigits() throws(YAMLFailure) -> UInt32 {
        let digits = text[place...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("'\\u' takes four hexadecimal digits") }
        place += 4
        return number
    }

    private mutating func skipBlanks() {
        while place < text.count {
            switch text[place] {
            case 0x0A: line += 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            place += 1
        }
    }

    private mutating func takes(_ character: Character) -> Bool {
        guard place < text.count, text[place] == character.asciiValue else { return false }
        place += 1
        return true
    }

    private func failure(_ reason: String) -> YAMLFailure {
        YAMLFailure(.invalidJSON, line: line, reason)
    }
}
