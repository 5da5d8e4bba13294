/// Bounds on what a decoder takes from a far side.
package struct CLIXMLLimits: Sendable {
    /// Bytes of one document.
    package var documentBytes: Int
    /// Objects within objects.
    package var depth: Int
    /// Values in one document, each repetition by `Ref` counted with all that is in it.
    package var values: Int

    package init(documentBytes: Int = 64 << 20, depth: Int = 64, values: Int = 4_000_000) {
        self.documentBytes = documentBytes
        self.depth = depth
        self.values = values
    }

    package static let standard = CLIXMLLimits()
}

/// Why a document is no CLIXML that can be taken.
package struct CLIXMLError: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        case malformed
        case tooLarge
        case tooDeep
        case tooManyValues
        case unknownElement
        case invalidValue
        case unknownReference
    }

    package let code: Code
    /// What is wrong, for a person.
    package let message: String
    /// The byte of the document at which it was noticed.
    package let offset: Int

    package init(_ code: Code, _ message: String, at offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}

/// Decodes one CLIXML document: one element, with or without a byte order mark, a declaration or comments before it.
/// - Returns: the value; `.null` for an empty body.
package func decodeCLIXML(_ bytes: [UInt8], limits: CLIXMLLimits = .standard) throws(CLIXMLError) -> PSValue {
    fatalError("replaced by the decoder")
}

/// Encodes one value as a CLIXML document, without byte order mark, as PowerShell's own serializer writes it.
package func encodeCLIXML(_ value: PSValue) -> [UInt8] {
    fatalError("replaced by the encoder")
}
