/// The tags of an XML document, one by one: as much of XML as a description of libvirt's needs, which libxml2 has written.
/// Text between them is passed over, and so is whatever is not an element.
struct XMLTags {
    enum Tag: Equatable {
        case begin(String, [String: String])
        case end(String)
    }

    private var rest: Substring.UTF8View
    /// The end of an element that has nothing in it.
    private var ending: String?

    init(_ text: String) {
        rest = text[...].utf8
    }

    /// nil at the end, or where it is not XML any more.
    mutating func next() -> Tag? {
        if let name = ending.take() { return .end(name) }
        while skip(to: "<") {
            if skip(ifNext: "!--") {
                guard skip(behind: "-->") else { return nil }
            } else if skip(ifNext: "![CDATA[") {
                guard skip(behind: "]]>") else { return nil }
            } else if rest.first == UInt8(ascii: "?") || rest.first == UInt8(ascii: "!") {
                guard skip(behind: ">") else { return nil }
            } else if skip(ifNext: "/") {
                let name = takeName()
                return skip(behind: ">") ? .end(name) : nil
            } else {
                return begin()
            }
        }
        return nil
    }

    private mutating func begin() -> Tag? {
        let name = takeName()
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            if skip(ifNext: "/>") {
                ending = name
                return .begin(name, attributes)
            }
            if skip(ifNext: ">") { return .begin(name, attributes) }
            let key = takeName()
            skipBlanks()
            guard !key.isEmpty, skip(ifNext: "=") else { return nil }
            skipBlanks()
            guard let quote = rest.popFirst(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
                let end = rest.firstIndex(of: quote)
            else { return nil }
            attributes[key] = Self.plain(Substring(rest[..<end]))
            rest = rest[rest.index(after: end)...]
        }
    }

    private mutating func takeName() -> String {
        let end =
            rest.firstIndex { byte in
                byte <= UInt8(ascii: " ") || "=/>".utf8.contains(byte)
            } ?? rest.endIndex
        defer { rest = rest[end...] }
        return String(Substring(rest[..<end]))
    }

    private mutating func skipBlanks() {
        rest = rest[(rest.firstIndex { $0 > UInt8(ascii: " ") } ?? rest.endIndex)...]
    }

    private mutating func skip(ifNext text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func skip(to text: Unicode.Scalar) -> Bool {
        guard let start = rest.firstIndex(of: UInt8(ascii: text)) else { return false }
        rest = rest[rest.index(after: start)...]
        return true
    }

    private mutating func skip(behind text: String) -> Bool {
        while let start = rest.firstIndex(where: { $0 == text.utf8.first }) {
            rest = rest[start...]
            if skip(ifNext: text) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// A value without XML's references.
    private static func plain(_ value: Substring) -> String {
        let parts = value.split(separator: "&", omittingEmptySubsequences: false)
        var plain = String(parts[0])
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: ";"), let character = character(part[..<end]) else {
                plain += "&" + part
                continue
            }
            plain += character + part[part.index(after: end)...]
        }
        return plain
    }

    private static func character(_ name: Substring) -> String? {
        let named = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]
        if let character = named[String(name)] { return character }
        let number =
            name.hasPrefix("#x")
            ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
}
