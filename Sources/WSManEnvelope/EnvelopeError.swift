import CLIXML

/// Why bytes are refused as an answer of WS-Management's.
package struct EnvelopeError: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        /// Not XML, or not a SOAP envelope.
        case malformed
        /// A bound of `EnvelopeLimits` was passed.
        case tooLarge
        /// A SOAP envelope that is not an answer to what was asked.
        case unexpected
    }

    package let code: Code
    /// What is wrong, for a person.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: CLIXMLError) {
        switch error.code {
        case .tooLarge, .tooDeep, .tooManyValues: self.init(.tooLarge, "\(error.message), at byte \(error.offset)")
        case .malformed, .unknownElement, .invalidValue, .unknownReference:
            self.init(.malformed, "\(error.message), at byte \(error.offset)")
        }
    }
}
