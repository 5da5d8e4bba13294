/// Reads XML other than CLIXML with the same scanner, strictly forward: namespaces, attributes, text.
///
/// Every element that it gives is to be read to its end, by `child` until there is none, by `text`, `allText` or `skip`.
/// There is no DTD, hence no entity but XML's five. Depth and number of elements are bounded, and every reading is one
/// pass, so that a hostile document costs no more than its length.
package struct XMLReader {
    /// Each element's prefix is looked for among them: real documents bind a dozen.
    static let bindingLimit = 128

    private var scanner: Scanner
    private let depthLimit: Int
    private let elementLimit: Int
    private var depth = 0
    private var elements = 0
    /// In the order in which they were bound: the last of a prefix counts.
    private var bindings: [(prefix: [UInt8], namespace: String)] = [
        (Array("xml".utf8), "http://www.w3.org/XML/1998/namespace")
    ]

    /// - Throws: `malformed` if the bytes are not UTF-8.
    package init(_ bytes: [UInt8], depth: Int, elements: Int) throws(CLIXMLError) {
        scanner = try Scanner(bytes)
        depthLimit = depth
        elementLimit = elements
    }

    /// The document's element.
    package mutating func root() throws(CLIXMLError) -> XMLElement {
        try scanner.skipMiscellany()
        return try open()
    }

    /// The next child, or nil where the parent's end follows, which is read. There may be no text between children.
    package mutating func child(of parent: XMLElement) throws(CLIXMLError) -> XMLElement? {
        if !parent.tag.isEmpty {
            try scanner.skipMiscellany()
            guard scanner.stands("</", at: scanner.position) else { return try open() }
            try scanner.endTag(of: parent.tag)
        }
        close(parent)
        return nil
    }

    /// The text of an element that may have no elements in it.
    package mutating func text(of element: XMLElement) throws(CLIXMLError) -> ArraySlice<UInt8> {
        let content = try scanner.content(of: element.tag)
        close(element)
        return content.bytes
    }

    /// The text of an element and of all that are in it, one after the other.
    package mutating func allText(of element: XMLElement) throws(CLIXMLError) -> [UInt8] {
        var text = TextBuffer()
        var opened = element.tag.isEmpty ? [] : [element]
        while let innermost = opened.last {
            guard let byte = scanner.current else { throw scanner.malformed("the document ends within an element") }
            if byte == UInt8(ascii: "&") {
                try scanner.reference(into: &text)
            } else if byte != UInt8(ascii: "<") {
                text.append(byte: byte)
                scanner.position += 1
            } else if scanner.stands("</", at: scanner.position) {
                try scanner.endTag(of: innermost.tag)
                opened.removeLast()
                if !opened.isEmpty { close(innermost) }
            } else if scanner.stands("<!--", at: scanner.position) || scanner.stands("<?", at: scanner.position) {
                try scanner.skipMiscellany()
            } else {
                let inner = try open()
                if inner.tag.isEmpty { close(inner) } else { opened.append(inner) }
            }
        }
        close(element)
        return text.bytes
    }

    /// Passes over an element, whatever is in it.
    /// - Returns: its content as it stands.
    @discardableResult
    package mutating func skip(_ element: XMLElement) throws(CLIXMLError) -> ArraySlice<UInt8> {
        let start = scanner.position
        try scanner.skipContent(of: element.tag, depth: depthLimit - depth)
        close(element)
        let content = scanner.bytes[start..<scanner.position]
        return element.tag.isEmpty ? [] : content[..<(content.lastIndex(of: UInt8(ascii: "<")) ?? content.endIndex)]
    }

    /// - Throws: `malformed` where there is more than the one element.
    package mutating func end() throws(CLIXMLError) {
        try scanner.skipMiscellany()
        guard scanner.current == nil else { throw scanner.malformed("text behind the document") }
    }

    private mutating func open() throws(CLIXMLError) -> XMLElement {
        let tag = try scanner.startTag()
        depth += 1
        elements += 1
        guard depth <= depthLimit else {
            throw CLIXMLError(.tooDeep, "elements more than \(depthLimit) deep", at: tag.name.lowerBound)
        }
        guard elements <= elementLimit else {
            throw CLIXMLError(.tooManyValues, "more than \(elementLimit) elements", at: tag.name.lowerBound)
        }
        let outer = bindings.count
        let attributes = tag.attributes.isEmpty ? [] : try self.attributes(of: tag)
        guard bindings.count <= Self.bindingLimit else {
            throw CLIXMLError(.tooManyValues, "more than \(Self.bindingLimit) namespaces", at: tag.name.lowerBound)
        }
        let (prefix, name) = split(tag.name)
        return XMLElement(
            namespace: try namespace(of: prefix, at: tag.name.lowerBound),
            name: String(decoding: name, as: UTF8.self),
            attributes: attributes,
            tag: tag,
            outerBindings: outer
        )
    }

    private mutating func close(_ element: XMLElement) {
        depth -= 1
        bindings.removeLast(bindings.count - element.outerBindings)
    }

    private mutating func attributes(of tag: Tag) throws(CLIXMLError) -> [(name: String, value: String)] {
        let end = scanner.position
        scanner.position = tag.attributes.lowerBound
        defer { scanner.position = end }
        var attributes: [(name: String, value: String)] = []
        var names: Set<[UInt8]> = []
        while let (place, value) = try scanner.nextAttribute(before: tag.attributes.upperBound) {
            let name = Array(scanner.bytes[place])
            guard names.insert(name).inserted else {
                throw CLIXMLError(.malformed, "an attribute stands twice", at: place.lowerBound)
            }
            let (prefix, local) = split(place)
            let text = String(decoding: value.bytes, as: UTF8.self)
            if prefix.isEmpty, local.elementsEqual("xmlns".utf8) {
                bindings.append(([], text))
            } else if prefix.elementsEqual("xmlns".utf8) {
                bindings.append((Array(local), text))
            } else {
                attributes.append((String(decoding: name, as: UTF8.self), text))
            }
        }
        return attributes
    }

    /// What stands before and behind the colon.
    private func split(_ name: Range<Int>) -> (prefix: ArraySlice<UInt8>, local: ArraySlice<UInt8>) {
        let bytes = scanner.bytes[name]
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return ([], bytes) }
        return (bytes[..<colon], bytes[(colon + 1)...])
    }

    private func namespace(of prefix: ArraySlice<UInt8>, at offset: Int) throws(CLIXMLError) -> String {
        if let binding = bindings.last(where: { $0.prefix.elementsEqual(prefix) }) { return binding.namespace }
        guard prefix.isEmpty else { throw CLIXMLError(.malformed, "a prefix that is not bound", at: offset) }
        return ""
    }
}
