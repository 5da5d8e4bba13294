import CLIXML

/// Reads one line of out-of-process framing, with the strictness of a real receiver: `Data` has exactly two attributes
/// and a text, every other element exactly one attribute and none. A line is read once, whatever stands in it.
struct ElementParser {
    /// An element that there is; `Data` alone has no kind without its content.
    private struct Element {
        let name: StaticString
        let kind: OutOfProcessElement.Kind?
    }

    private struct Attribute {
        let name: ArraySlice<UInt8>
        let value: ArraySlice<UInt8>
    }

    private static let elements = [
        Element(name: "Data", kind: nil), Element(name: "DataAck", kind: .dataAck),
        Element(name: "Command", kind: .command), Element(name: "CommandAck", kind: .commandAck),
        Element(name: "Signal", kind: .signal), Element(name: "SignalAck", kind: .signalAck),
        Element(name: "Close", kind: .close), Element(name: "CloseAck", kind: .closeAck),
    ]

    private static let mostAttributes = 2

    private var rest: ArraySlice<UInt8>

    static func parse(_ line: ArraySlice<UInt8>) throws(PSRPError) -> OutOfProcessElement {
        if let data = usualData(line) { return data }
        var parser = ElementParser(rest: line)
        return try parser.element()
    }

    /// Reads a Data element in the spelling that all known senders have. Most lines are one.
    /// - Returns: nil for whatever is another element, spelled otherwise, or at fault.
    private static func usualData(_ line: ArraySlice<UInt8>) -> OutOfProcessElement? {
        for stream in [CarriageStream.standard, .promptResponse] {
            let start = line.startIndex + stream.beginning.utf8CodeUnitCount
            let text = start + 38
            let end = line.endIndex - 7
            guard text < end, line[..<start].reads(stream.beginning), line[(text - 2)..<text].reads("'>"),
                line[end...].reads("</Data>"), let target = PSGuid(line[start..<(text - 2)]),
                let bytes = Base64.decode(line[text..<end])
            else { continue }
            return OutOfProcessElement(.data(stream, bytes), target)
        }
        return nil
    }

    /// Whether a line begins as an element that there is, whatever follows its name.
    static func namesElement(_ line: ArraySlice<UInt8>) -> Bool {
        var parser = ElementParser(rest: line)
        parser.skipBlanks()
        guard parser.take("<") else { return false }
        let name = parser.takeName()
        return elements.contains { name.reads($0.name) }
    }

    private mutating func element() throws(PSRPError) -> OutOfProcessElement {
        skipBlanks()
        guard take("<") else { throw PSRPError(.malformedElement, "A line is not an element: \(excerpt(rest))") }
        let name = takeName()
        guard let element = Self.elements.first(where: { name.reads($0.name) }) else {
            throw PSRPError(.malformedElement, "An unknown element \"\(excerpt(name))\" was received.")
        }
        var attributes: [Attribute] = []
        var isEmpty = false
        while true {
            skipBlanks()
            if take("/>") {
                isEmpty = true
                break
            }
            if take(">") { break }
            // None has more: whoever sends a thousand is not read to the end.
            guard attributes.count < Self.mostAttributes else { throw malformed(element, "has too many attributes") }
            let attribute = try attribute(of: element)
            guard !attributes.contains(where: { $0.name.elementsEqual(attribute.name) }) else {
                throw malformed(element, "has its attribute \(excerpt(attribute.name)) twice")
            }
            attributes.append(attribute)
        }
        let content = isEmpty ? [] : try content(of: element)
        skipBlanks()
        guard rest.isEmpty else { throw malformed(element, "has something after it: \(excerpt(rest))") }
        return try build(element, attributes, content)
    }

    private func build(
        _ element: Element,
        _ attributes: [Attribute],
        _ content: ArraySlice<UInt8>
    ) throws(PSRPError) -> OutOfProcessElement {
        func value(_ name: StaticString) -> ArraySlice<UInt8>? { attributes.first { $0.name.reads(name) }?.value }
        guard attributes.count == (element.kind == nil ? 2 : 1), let guid = value("PSGuid") else {
            throw malformed(element, "lacks required attributes")
        }
        guard let target = PSGuid(guid) else {
            throw malformed(
                element,
                "has a PSGuid that is not a GUID: \(String(decoding: guid.prefix(60), as: UTF8.self))"
            )
        }
        if let kind = element.kind {
            guard content.isEmpty else { throw malformed(element, "has a text") }
            return OutOfProcessElement(kind, target)
        }
        guard let stream = value("Stream").flatMap(CarriageStream.init(attribute:)) else {
            throw malformed(element, "names an unknown stream, or none")
        }
        guard !content.isEmpty else { throw malformed(element, "is empty") }
        guard let bytes = Base64.decode(content) else { throw malformed(element, "is not base64") }
        return OutOfProcessElement(.data(stream, bytes), target)
    }
}

// MARK: - Scanning

extension ElementParser {
    private mutating func attribute(of element: Element) throws(PSRPError) -> Attribute {
        let name = takeName()
        skipBlanks()
        guard !name.isEmpty, take("=") else { throw malformed(element, "has a malformed attribute") }
        skipBlanks()
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
            let end = rest.dropFirst().place(of: quote)
        else { throw malformed(element, "has an attribute without quotes") }
        let value = rest[(rest.startIndex + 1)..<end]
        rest = rest[(end + 1)...]
        return Attribute(name: name, value: value)
    }

    private mutating func content(of element: Element) throws(PSRPError) -> ArraySlice<UInt8> {
        guard let end = rest.place(of: UInt8(ascii: "<")) else { throw malformed(element, "is not closed") }
        let content = rest[..<end]
        rest = rest[end...]
        guard take("</"), take(element.name) else { throw malformed(element, "is not closed") }
        skipBlanks()
        guard take(">") else { throw malformed(element, "is not closed") }
        return content
    }

    private mutating func takeName() -> ArraySlice<UInt8> {
        let name = rest.prefix { unit in
            let lower = unit | 0x20
            return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
        }
        rest = rest[name.endIndex...]
        return name
    }

    private mutating func take(_ literal: StaticString) -> Bool {
        guard rest.prefix(literal.utf8CodeUnitCount).reads(literal) else { return false }
        rest = rest.dropFirst(literal.utf8CodeUnitCount)
        return true
    }

    private mutating func skipBlanks() {
        let end = rest.firstIndex { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D } ?? rest.endIndex
        rest = rest[end...]
    }

    private func malformed(_ element: Element, _ what: String) -> PSRPError {
        PSRPError(.malformedElement, "The element \(element.name) \(what).")
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes are the literal's.
    fileprivate func reads(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        return literal.withUTF8Buffer { literal in
            for index in 0..<literal.count where self[startIndex + index] != literal[index] { return false }
            return true
        }
    }
}

extension CarriageStream {
    /// What a Data element of the stream begins with, up to its PSGuid.
    fileprivate var beginning: StaticString {
        switch self {
        case .standard: "<Data Stream='Default' PSGuid='"
        case .promptResponse: "<Data Stream='PromptResponse' PSGuid='"
        }
    }

    fileprivate init?(attribute: ArraySlice<UInt8>) {
        guard let stream = [Self.standard, .promptResponse].first(where: { attribute.reads($0.attribute) }) else {
            return nil
        }
        self = stream
    }
}

/// The beginning of a line, for a message.
func excerpt(_ line: ArraySlice<UInt8>) -> String {
    let limit = 200
    return String(decoding: line.prefix(limit), as: UTF8.self) + (line.count > limit ? "…" : "")
}
