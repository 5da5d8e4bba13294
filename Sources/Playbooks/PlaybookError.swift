/// Why a file is not a playbook.
package struct PlaybookError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        /// Bytes that are not the text of the file's encoding.
        case illFormedText = "PlaybookNotText"
        case nullCharacter = "PlaybookHasNull"
        case lineTooLong = "PlaybookLineTooLong"
        /// No line that could be sent.
        case empty = "PlaybookEmpty"
    }

    package let code: Code
    /// What is wrong and where, for a person.
    package let message: String
    /// The byte of the file it was noticed at, from 0.
    package let offset: Int

    package init(_ code: Code, _ message: String, at offset: Int) {
        self.code = code
        self.message = message
        self.offset = offset
    }
}
