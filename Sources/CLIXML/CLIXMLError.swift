/// Why a document is refused as CLIXML.
package struct CLIXMLError: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        /// Not well-formed XML, or not UTF-8.
        case malformed
        /// More bytes than `CLIXMLLimits.documentBytes`, or more that are repeated.
        case tooLarge
        /// More objects within objects than `CLIXMLLimits.depth`.
        case tooDeep
        /// More values than `CLIXMLLimits.values`.
        case tooManyValues
        /// An element that CLIXML does not have, or not in this place.
        case unknownElement
        /// Text that is not a value of its element's type.
        case invalidValue
        /// A `Ref` or `TNRef` to something that is not in the document before it.
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
