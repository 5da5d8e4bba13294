import CLIXML

/// A value as a program gets it for an argument or reads it from its input: what .NET makes of it in the invariant
/// culture, as a real server hands it over.
extension PSValue {
    /// nil for what has no text of its own: a null, a dictionary, an object of which only the properties came, a secure
    /// string. The elements of a collection stand one after the other, a blank between them.
    var programText: String? {
        if case .object(let object) = self, elements == nil, entries == nil {
            // A number's own spelling, an enumeration's member: `1KB`, `0x10`, `1.50` (ways-in/t2-real).
            if let text = object.toString?.text { return text }
            if case .value(let inner) = object.base { return inner.programText }
            return nil
        }
        if let elements { return elements.map { $0.programText ?? "" }.joined(separator: " ") }
        switch unwrapped {
        case .null, .object, .secureString, .ancestor: return nil
        case .string(let text), .uri(let text), .xmlDocument(let text), .scriptBlock(let text): return text.text
        case .bool(let bool): return bool ? "True" : "False"
        case .char(let unit): return String(decoding: [unit], as: UTF16.self)
        case .uint8(let number): return "\(number)"
        case .int8(let number): return "\(number)"
        case .uint16(let number): return "\(number)"
        case .int16(let number): return "\(number)"
        case .uint32(let number): return "\(number)"
        case .int32(let number): return "\(number)"
        case .uint64(let number): return "\(number)"
        case .int64(let number): return "\(number)"
        case .single(let number) where number.isInfinite: return Self.infinity(number < 0)
        case .double(let number) where number.isInfinite: return Self.infinity(number < 0)
        case .single, .double, .decimal: return unwrapped.wireText
        case .version(let version): return version.description
        case .guid(let guid): return "\(guid)"
        case .dateTime(let time): return time.invariantText
        case .timeSpan(let span): return span.constantText
        case .bytes(let bytes): return bytes.map { "\($0)" }.joined(separator: " ")
        }
    }

    /// The values of a collection, a byte array's among them; nil for a single value.
    var programElements: [PSValue]? {
        if case .bytes(let bytes) = unwrapped { return bytes.map { .uint8($0) } }
        return elements
    }

    /// What a value without text is, for a person.
    var kindName: String {
        if case .secureString = unwrapped { return "a secure string" }
        if entries != nil { return "a dictionary" }
        guard let type = objectValue?.typeNames.first else { return "an object of which only the properties came" }
        return "an object of the type \(type.hasPrefix("Deserialized.") ? String(type.dropFirst(13)) : type)"
    }

    /// A primitive as CLIXML writes it, which is .NET's own way of writing numbers.
    private var wireText: String {
        let element = String(decoding: encodeCLIXML(self), as: UTF8.self)
        return String(element.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" })
    }

    private static func infinity(_ isNegative: Bool) -> String { isNegative ? "-Infinity" : "Infinity" }
}

extension PSDateTime {
    /// `MM/dd/yyyy HH:mm:ss`
    fileprivate var invariantText: String {
        let text = Array(text.utf8)
        func digits(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        return "\(digits(5..<7))/\(digits(8..<10))/\(digits(0..<4)) \(digits(11..<19))"
    }
}

extension PSTimeSpan {
    /// `[-][d.]hh:mm:ss[.fffffff]`
    fileprivate var constantText: String {
        let ticks = ticks.magnitude
        func padded(_ number: UInt64, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let seconds = ticks / 10_000_000
        let days = seconds / 86_400
        let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { padded($0) }.joined(separator: ":")
        let fraction = ticks % 10_000_000
        return (self.ticks < 0 ? "-" : "") + (days > 0 ? "\(days)." : "") + time
            + (fraction > 0 ? "." + padded(fraction, 7) : "")
    }
}
