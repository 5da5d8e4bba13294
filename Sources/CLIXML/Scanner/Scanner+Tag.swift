extension Scanner {
    /// Reads `<name …>` or `<name … />`.
    mutating func startTag() throws(CLIXMLError) -> Tag {
        guard current == UInt8(ascii: "<") else {
            throw malformed(current == nil ? "the document ends where an element is expected" : "text between elements")
        }
        position += 1
        let name = try name()
        var property: Content?
        var reference: Int?
        let attributes = position
        while true {
            let before = position
            skipSpaces()
            guard let byte = current else { throw malformed("the document ends within a tag") }
            if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { break }
            guard position > before else { throw malformed("expected a blank before an attribute") }
            switch try attribute() {
            case .property(let content): property = content
            case .reference(let number): reference = number
            case .other: break
            }
        }
        let endOfAttributes = position
        let isEmpty = current == UInt8(ascii: "/")
        if isEmpty { position += 1 }
        guard current == UInt8(ascii: ">") else { throw malformed("expected > at the end of a tag") }
        position += 1
        return Tag(
            element: element(named: name),
            name: name,
            attributes: attributes..<endOfAttributes,
            isEmpty: isEmpty,
            property: property,
            reference: reference
        )
    }

    /// Reads the next attribute of a tag, once more; nil at its end.
    mutating func nextAttribute(before end: Int) throws(CLIXMLError) -> (name: Range<Int>, value: Content)? {
        skipSpaces()
        guard position < end else { return nil }
        let name = try attributeName()
        return (name, try attributeValue())
    }

    private func element(named name: Range<Int>) -> Element? {
        guard name.count <= 8 else { return nil }
        var ascii: UInt64 = 0
        for byte in bytes[name] { ascii = ascii << 8 | UInt64(byte) }
        return Element(rawValue: ascii)
    }

    private mutating func name() throws(CLIXMLError) -> Range<Int> {
        let start = position
        while let byte = current, byte.isNameByte { position += 1 }
        guard position > start else { throw malformed("expected a name") }
        return start..<position
    }

    private enum Attribute {
        case property(Content)
        case reference(Int)
        case other
    }

    private mutating func attribute() throws(CLIXMLError) -> Attribute {
        let name = try attributeName()
        let start = position
        let value = try attributeValue()
        if name.count == 1, bytes[name.lowerBound] == UInt8(ascii: "N") { return .property(value) }
        guard name.count == 5, stands("RefId", at: name.lowerBound) else { return .other }
        guard let number = Int(number: value.bytes) else {
            throw CLIXMLError(.invalidValue, "RefId is not a number", at: start)
        }
        return .reference(number)
    }

    /// Reads a name and the `=` behind it.
    private mutating func attributeName() throws(CLIXMLError) -> Range<Int> {
        let name = try name()
        skipSpaces()
        guard current == UInt8(ascii: "=") else { throw malformed("expected = after an attribute's name") }
        position += 1
        skipSpaces()
        return name
    }

    private mutating func attributeValue() throws(CLIXMLError) -> Content {
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw malformed("expected a quoted value of an attribute")
        }
        position += 1
        let start = position
        var isPlain = true
        var hasUnderscore = false
        while let byte = current, byte != quote {
            switch byte {
            case UInt8(ascii: "<"): throw malformed("< in an attribute")
            case UInt8(ascii: "&"), 0x09, 0x0A, 0x0D: isPlain = false
            case UInt8(ascii: "_"): hasUnderscore = true
            default: break
            }
            position += 1
        }
        guard current != nil else { throw malformed("the document ends within an attribute") }
        let end = position
        if isPlain {
            position += 1
            return Content(bytes: bytes[start..<end], mayHoldEscapes: hasUnderscore)
        }
        var text = TextBuffer()
        position = start
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "&"): try reference(into: &text)
            case 0x0D where position + 1 < end && bytes[position + 1] == 0x0A: position += 1
            default:
                text.append(byte: byte.isXMLSpace ? 0x20 : byte)
                position += 1
            }
        }
        position = end + 1
        return Content(bytes: text.bytes[...], mayHoldEscapes: true)
    }
}

extension UInt8 {
    /// Whether a name goes on with this byte; every byte beyond ASCII counts as a letter.
    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"),
            UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }
}
