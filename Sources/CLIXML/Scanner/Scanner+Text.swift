extension Scanner {
    /// The text of an element that may have no elements in it; its end tag is read.
    mutating func content(of tag: Tag) throws(CLIXMLError) -> Content {
        if tag.isEmpty { return .empty }
        let start = position
        let (end, hasUnderscore) = bytes.endOfPlainText(from: start)
        position = end
        guard stands("</", at: end) else { return try mixedContent(of: tag, plain: bytes[start..<end]) }
        try endTag(of: tag)
        return Content(bytes: bytes[start..<end], mayHoldEscapes: hasUnderscore)
    }

    /// The rest of a text in which there are references, carriage returns, comments or CDATA.
    private mutating func mixedContent(of tag: Tag, plain: ArraySlice<UInt8>) throws(CLIXMLError) -> Content {
        var text = TextBuffer(plain)
        while let byte = current {
            switch byte {
            case UInt8(ascii: "&"):
                try reference(into: &text)
            case UInt8(ascii: "<") where stands("</", at: position):
                try endTag(of: tag)
                return Content(bytes: text.bytes[...], mayHoldEscapes: true)
            case UInt8(ascii: "<") where stands("<![CDATA[", at: position):
                let start = position + 9
                try skip(past: "]]>", from: start)
                text.append(lines: bytes[start..<position - 3])
            case UInt8(ascii: "<") where stands("<!--", at: position):
                try skip(past: "-->", from: position + 4)
            case UInt8(ascii: "<") where stands("<?", at: position):
                try skip(past: "?>", from: position + 2)
            case UInt8(ascii: "<"):
                throw malformed("an element where only text may be")
            case 0x0D:
                position += 1
                if current != 0x0A { text.append(byte: 0x0A) }
            default:
                let start = position
                position = bytes.endOfPlainText(from: start).end
                text.append(bytes[start..<position])
            }
        }
        throw malformed("the document ends within a text")
    }

    /// Reads `&name;` or `&#number;`.
    mutating func reference(into text: inout TextBuffer) throws(CLIXMLError) {
        let start = position + 1
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw malformed("& without a reference")
        }
        if bytes[start] == UInt8(ascii: "#") {
            let isHexadecimal = bytes[start + 1] == UInt8(ascii: "x")
            let digits = String(decoding: bytes[start + (isHexadecimal ? 2 : 1)..<end], as: UTF8.self)
            guard digits.utf8.first != UInt8(ascii: "+"),
                let number = UInt32(digits, radix: isHexadecimal ? 16 : 10), number <= 0x10FFFF
            else { throw malformed("a reference to a character that does not exist") }
            text.append(codePoint: number)
        } else {
            switch String(decoding: bytes[start..<end], as: UTF8.self) {
            case "lt": text.append(byte: UInt8(ascii: "<"))
            case "gt": text.append(byte: UInt8(ascii: ">"))
            case "amp": text.append(byte: UInt8(ascii: "&"))
            case "quot": text.append(byte: UInt8(ascii: "\""))
            case "apos": text.append(byte: UInt8(ascii: "'"))
            default: throw malformed("a reference to an entity that XML does not define")
            }
        }
        position = end + 1
    }
}
