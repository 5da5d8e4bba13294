/// Why a session cannot go on: what the far side sent, or what it refused.
package struct PSRPError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        /// A line that is not an element, an element that is not expected, or an attribute that is missing.
        case malformedElement
        case malformedFragment
        case malformedMessage
        /// The body of a message is not CLIXML, or not of the message's shape.
        case malformedBody
        /// The protocol versions of both sides do not meet.
        case protocolVersion
        /// A bound on sizes or counts was passed.
        case limit
        /// The far side said that its pool is broken or closed, or wrote an error line of its own.
        case farSide
        /// Text other than PSRP came before the first element, more of it than is put up with.
        case noise
        /// The stream ended before the session did.
        case ended
        /// A key exchange failed, or a secure string could not be read.
        case sessionKey
    }

    package let code: Code
    /// What happened, for a person, without secrets.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
