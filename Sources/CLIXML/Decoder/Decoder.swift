/// Turns one document into one value.
struct Decoder {
    var scanner: Scanner
    let limits: CLIXMLLimits
    /// Values so far, those that came by `Ref` included.
    var values = 0
    /// Bytes of the document that a `Ref` or `TNRef` repeated.
    var repeatedBytes = 0
    /// Objects that began.
    var objects = 0
    /// The objects in which the scanner stands, outermost first.
    var open: [Opening] = []
    /// Objects that ended, by RefId.
    var finished: [Int: Finished] = [:]
    /// Lists of type names, by RefId: a space of its own.
    var typeNames: [Int: NamedTypes] = [:]

    init(_ bytes: [UInt8], limits: CLIXMLLimits) throws(CLIXMLError) {
        guard bytes.count <= limits.documentBytes else {
            throw CLIXMLError(
                .tooLarge,
                "the document has \(bytes.count) bytes; \(limits.documentBytes) are allowed",
                at: 0
            )
        }
        scanner = try Scanner(bytes)
        self.limits = limits
    }

    mutating func document() throws(CLIXMLError) -> PSValue {
        try scanner.skipMiscellany()
        guard scanner.current != nil else { return .null }
        let value = try value(scanner.startTag())
        try scanner.skipMiscellany()
        guard scanner.current == nil else { throw scanner.malformed("something follows the document's one element") }
        return value
    }

    /// The value of the element whose start tag was read.
    ///
    /// What leads from an object to the objects in it keeps little on the stack; the rest is done elsewhere.
    mutating func value(_ tag: Tag) throws(CLIXMLError) -> PSValue {
        guard tag.element == .object else { return try leaf(tag) }
        return try .object(object(tag))
    }

    /// The value of an element that has no objects in it.
    private mutating func leaf(_ tag: Tag) throws(CLIXMLError) -> PSValue {
        guard let element = tag.element else { throw unknownElement(tag) }
        if element == .reference { return try reference(tag) }
        try count(1, at: tag)
        switch element {
        case .null:
            try scanner.skipContent(of: tag)
            return .null
        case .progress:
            return try progress(tag)
        default:
            let content = try scanner.content(of: tag)
            guard let value = try scalar(element, content, at: tag) else { throw invalid(element, at: tag) }
            return value
        }
    }

    mutating func count(_ more: Int, at tag: Tag) throws(CLIXMLError) {
        let (sum, overflow) = values.addingReportingOverflow(more)
        values = sum
        guard !overflow, values <= limits.values else {
            throw CLIXMLError(
                .tooManyValues,
                "the document expands to more than the \(limits.values) values that are allowed",
                at: tag.name.lowerBound
            )
        }
    }

    /// A few long texts that are repeated often come to more than any number of values.
    mutating func countRepeated(_ bytes: Int, at tag: Tag) throws(CLIXMLError) {
        let (sum, overflow) = repeatedBytes.addingReportingOverflow(bytes)
        repeatedBytes = sum
        guard !overflow, repeatedBytes <= limits.documentBytes else {
            throw CLIXMLError(
                .tooLarge,
                "the document's references expand to more than the \(limits.documentBytes) bytes that are allowed",
                at: tag.name.lowerBound
            )
        }
    }

    func name(of tag: Tag) -> String {
        String(decoding: scanner.bytes[tag.name].prefix(40), as: UTF8.self)
    }

    func unknownElement(_ tag: Tag) -> CLIXMLError {
        CLIXMLError(.unknownElement, "the element \(name(of: tag)) is not allowed here", at: tag.name.lowerBound)
    }

    private func invalid(_ element: Element, at tag: Tag) -> CLIXMLError {
        CLIXMLError(.invalidValue, "the text of \(element.text) is not a value of its type", at: tag.name.lowerBound)
    }
}
