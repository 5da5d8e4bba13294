/// Why an answer is not taken as a sealed one.
package struct SealFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// It came in clear.
        case notSealed
        /// It is not built as a sealed message is.
        case malformed
    }

    /// What either is called in a machine-readable result.
    package static let name = "MessageSealBroken"

    package let code: Code
    /// Whole sentences for a person.
    package let message: String
    /// Where in the body, in bytes; nil where it is not about a place.
    package let offset: Int?

    package var description: String { message }

    static func notSealed(_ contentType: String) -> SealFault {
        let kind = contentType.isEmpty ? "without a type" : "as \(contentType.prefix(100))"
        return SealFault(
            code: .notSealed,
            message:
                "The server answered in clear (\(kind)), where all that is said must be sealed. The answer is not believed.",
            offset: nil
        )
    }

    static func malformed(_ what: String, at offset: Int?) -> SealFault {
        let place = offset.map { " at byte \($0)" } ?? ""
        return SealFault(
            code: .malformed,
            message: "The server's sealed answer cannot be taken apart: \(what)\(place).",
            offset: offset
        )
    }
}
