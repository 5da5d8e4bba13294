package import CLIXML

/// A PowerShell error record: what a person and a program need of it, and the whole value for a recording or a rendering.
package struct ErrorRecord: Sendable, Hashable {
    /// What PowerShell shows: the details' message, else the exception's, else the category's.
    package let message: String
    package let fullyQualifiedErrorID: String
    /// ErrorCategory's number: 17 is ParserError, 14 OperationStopped.
    package let category: Int32
    /// The exception's type, by its short name: `IncompleteParseException`, `PipelineStoppedException`…
    package let reason: String
    /// The record as it came.
    package let value: PSValue

    package init(message: String, fullyQualifiedErrorID: String, category: Int32, reason: String, value: PSValue) {
        self.message = message
        self.fullyQualifiedErrorID = fullyQualifiedErrorID
        self.category = category
        self.reason = reason
        self.value = value
    }

    /// The only test that the real client makes for input that is not whole yet (server/parse).
    package var isIncompleteParse: Bool { reason == "IncompleteParseException" }
}
