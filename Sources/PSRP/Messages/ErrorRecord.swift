package import CLIXML

/// A PowerShell error record: what a person and a program need of it, and the whole value for a recording or a rendering.
package struct ErrorRecord: Sendable, Hashable {
    /// The exception's message, else the category's.
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

    /// The only test that the real client makes for input that is not whole yet (psrp-brief section 2).
    package var isIncompleteParse: Bool { reason == "IncompleteParseException" }

    /// Reads what an ERROR_RECORD, or a state's ExceptionAsErrorRecord, holds.
    package init(value: PSValue) {
        self.init(message: "", fullyQualifiedErrorID: "", category: 0, reason: "", value: value)
    }

    /// A record of one's own, in the shape that PowerShell sends.
    package static func make(message: String, errorID: String, category: Int32, reason: String) -> ErrorRecord {
        ErrorRecord(
            message: message,
            fullyQualifiedErrorID: errorID,
            category: category,
            reason: reason,
            value: .null
        )
    }
}
