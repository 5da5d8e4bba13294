import CLIXML

/// Reads one line of out-of-process framing, with the strictness of a real receiver: `Data` has exactly two attributes
/// and a text, every other element exactly one attribute and none.
struct ElementParser {
    private var rest: ArraySlice<UInt8>

    static func parse(_ line: ArraySlice<UInt8>) throws(PSRPError) -> OutOfProcessElement {
        var parser = ElementParser(rest: line)
        return try parser.element()
    }

    private mutating func element() throws(PSRPError) -> OutOfProcessElement {
        skipBlanks()
        guard take("<") else { throw PSRPError(.malformedElement, "a line that is no element: \(excerpt(rest))") }
        let name = takeName()
        guard Self.names.contains(name) else {
            throw PSRPError(.malformedElement, "An unknown element \"\(name)\" was received.")
        }
        var attributes: [String: String] = [:]
        var isEmpty = false
        while true {
            skipBlanks()
            if take("/>") {
                isEmpty = true
                break
            }
            if take(">") { break }
            let (key, value) = try attribute(of: name)
            guard attributes.updateValue(value, forKey: key) == nil else {
                throw malformed(name, "has its attribute \(key) twice")
            }
        }
        let text = isEmpty ? [] : try text(of: name)
        skipBlanks()
        guard rest.isEmpty else { throw malformed(name, "has something behind it: \(excerpt(rest))") }
        return try build(name, attributes, text)
    }

    private func build(
        _ name: String,
        _ attributes: [String: String],
        _ text: ArraySlice<UInt8>
    ) throws(PSRPError) -> OutOfProcessElement {
        let expected = name == "Data" ? 2 : 1
        guard attributes.count == expected, let guid = attributes["PSGuid"] else {
            throw malformed(name, "has not the attributes that belong to it")
        }
        guard let target = PSGuid(guid) else { throw malformed(name, "has a PSGuid that is none: \(guid.prefix(60))") }
        guard name == "Data" else {
            guard text.isEmpty else { throw malformed(name, "has a text") }
            return OutOfProcessElement(try plainKind(name), target)
        }
        guard let stream = attributes["Stream"].flatMap(OutOfProcessElement.DataStream.init) else {
            throw malformed(name, "names no stream, or one that does not exist")
        }
        guard !text.isEmpty else { throw malformed(name, "is empty") }
        guard let bytes = Base64.decode(text) else { throw malformed(name, "is not base64") }
        return OutOfProcessElement(.data(stream, bytes), target)
    }

    private func plainKind(_ name: String) throws(PSRPError) -> OutOfProcessElement.Kind {
        switch name {
        case "DataAck": .dataAck
        case "Command": .command
        case "CommandAck": .commandAck
        case "Signal": .signal
        case "SignalAck": .signalAck
        case "Close": .close
        case "CloseAck": .closeAck
        default: throw malformed(name, "is unknown")
        }
    }

    private static let names: Set<String> = [
        "Data", "DataAck", "Command", "CommandAck", "Signal", "SignalAck", "Close", "CloseAck",
    ]
}

// MARK: - Scanning

extension ElementParser {
    private mutating func attribute(of name: String) throws(PSRPError) -> (String, String) {
        let key = takeName()
        skipBlanks()
        guard !key.isEmpty, take("=") else { throw malformed(name, "has an attribute that is none") }
        skipBlanks()
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
            let end = rest.dropFirst().firstIndex(of: quote)
        else { throw malformed(name, "has an attribute without quotes") }
        let value = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        rest = rest[(end + 1)...]
        return (key, value)
    }

    private mutating func text(of name: String) throws(PSRPError) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(of: UInt8(ascii: "<")) else { throw malformed(name, "has no end") }
        let text = rest[..<end]
        rest = rest[end...]
        guard take("</\(name)") else { throw malformed(name, "has no end") }
        skipBlanks()
        guard take(">") else { throw malformed(name, "has no end") }
        return text
    }

    private mutating func takeName() -> String {
        let name = rest.prefix { unit in
            let lower = unit | 0x20
            return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
        }
        rest = rest[name.endIndex...]
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    private func malformed(_ name: String, _ what: String) -> PSRPError {
        PSRPError(.malformedElement, "The element \(name) \(what).")
    }
}

/// The beginning of a line, for a message.
func excerpt(_ line: ArraySlice<UInt8>) -> String {
    let limit = 200
    return String(decoding: line.prefix(limit), as: UTF8.self) + (line.count > limit ? "…" : "")
}
