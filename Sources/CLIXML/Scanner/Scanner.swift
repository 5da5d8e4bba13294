/// Reads the XML of which CLIXML is made, strictly forward: elements, `N` and `RefId`, text.
///
/// Declarations, comments and processing instructions are passed over. There is no DTD, hence no entity but XML's five.
struct Scanner {
    let bytes: [UInt8]
    var position = 0

    /// - Throws: `malformed` if the bytes are not UTF-8.
    init(_ bytes: [UInt8]) throws(CLIXMLError) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw CLIXMLError(.malformed, "the document is not UTF-8", at: error.byteOffsets.lowerBound)
        }
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    func malformed(_ message: String) -> CLIXMLError {
        CLIXMLError(.malformed, message, at: position)
    }

    /// The byte here; nil at the end.
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func stands(_ literal: StaticString, at place: Int) -> Bool {
        literal.withUTF8Buffer { literal in
            bytes.count - place >= literal.count && literal.indices.allSatisfy { bytes[place + $0] == literal[$0] }
        }
    }

    /// Passes over blanks, comments and processing instructions.
    mutating func skipMiscellany() throws(CLIXMLError) {
        while let byte = current {
            if byte.isXMLSpace {
                position += 1
            } else if byte != UInt8(ascii: "<") {
                return
            } else if stands("<!--", at: position) {
                try skip(past: "-->", from: position + 4)
            } else if stands("<?", at: position) {
                try skip(past: "?>", from: position + 2)
            } else {
                return
            }
        }
    }

    mutating func skip(past literal: StaticString, from start: Int) throws(CLIXMLError) {
        var place = start
        while place < bytes.count {
            if stands(literal, at: place) {
                position = place + literal.utf8CodeUnitCount
                return
            }
            place += 1
        }
        throw malformed("the document ends before \(literal)")
    }

    /// The next child's start tag, or nil where the parent's end tag follows, which is read.
    mutating func child(of parent: Tag) throws(CLIXMLError) -> Tag? {
        if parent.isEmpty { return nil }
        try skipMiscellany()
        if stands("</", at: position) {
            try endTag(of: parent)
            return nil
        }
        return try startTag()
    }

    /// Reads `</name>`.
    mutating func endTag(of tag: Tag) throws(CLIXMLError) {
        let name = bytes[tag.name]
        let end = position + 2 + name.count
        guard stands("</", at: position), end < bytes.count, bytes[position + 2..<end].elementsEqual(name) else {
            throw malformed("expected the end of \(String(decoding: name, as: UTF8.self))")
        }
        position = end
        skipSpaces()
        guard current == UInt8(ascii: ">") else { throw malformed("expected > at the end of an end tag") }
        position += 1
    }

    /// Passes over an element's content and end tag, whatever is in it.
    /// - Parameter depth: the most elements within elements.
    mutating func skipContent(of tag: Tag, depth: Int = .max) throws(CLIXMLError) {
        if tag.isEmpty { return }
        var open = [tag]
        while let innermost = open.last {
            guard let byte = current else { throw malformed("the document ends within an element") }
            if byte != UInt8(ascii: "<") {
                position += 1
            } else if stands("<![CDATA[", at: position) {
                try skip(past: "]]>", from: position + 9)
            } else if stands("</", at: position) {
                try endTag(of: innermost)
                open.removeLast()
            } else if stands("<!--", at: position) || stands("<?", at: position) {
                try skipMiscellany()
            } else {
                let inner = try startTag()
                if !inner.isEmpty { open.append(inner) }
                guard open.count - 1 <= depth else {
                    throw CLIXMLError(.tooDeep, "elements within too many elements", at: position)
                }
            }
        }
    }

    mutating func skipSpaces() {
        while let byte = current, byte.isXMLSpace { position += 1 }
    }
}

extension UInt8 {
    /// XML's white space: tab, line feed, carriage return, blank.
    var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
