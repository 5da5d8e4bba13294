/// An error record of the far side: the data of an `E` event that is not a plain line.
package struct RecordedError: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - errorID: PowerShell's FullyQualifiedErrorId.
    ///   - category: the number of PowerShell's ErrorCategory.
    ///   - reason: the exception's type, as PowerShell's CategoryInfo names it.
    package init(message: String, errorID: String, category: some BinaryInteger, reason: String) {
        json = .record([
            .message: .string(message),
            .errorID: .string(errorID),
            .category: .integer(Int64(category)),
            .reason: .string(reason),
        ])
    }

    package var message: String? { json[.message]?.string }
    package var errorID: String? { json[.errorID]?.string }
    package var category: Int64? { json[.category]?.integer }
    package var reason: String? { json[.reason]?.string }
}
