/// Why bytes are refused as an HTTP message.
package struct HTTPFault: Error, Sendable, Hashable {
    package enum Code: Sendable, Hashable {
        /// Not a message of HTTP/1.x, or one of which it is in doubt where it ends.
        case malformed
        /// More bytes than `HTTPLimits` allows.
        case tooLarge
        /// The connection ended within an answer.
        case truncated
        /// Bytes came that no request had asked for.
        case unasked
    }

    package let code: Code
    /// What is wrong, for a person, without anything of the bytes.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// Bounds on an answer.
package struct HTTPLimits: Sendable, Hashable {
    /// Bytes of the status line and all fields, those of interim answers and of a chunked body's trailer included.
    package var head = 64 << 10
    /// Fields of all of them.
    package var fields = 256
    /// Bytes of a body.
    package var body: Int
    /// Interim answers (1xx) before the answer.
    package var interim = 16

    /// - Parameter envelope: bytes of the largest envelope; sealed in parts it takes up to a third more.
    package init(envelope: Int) {
        body = envelope / 3 * 4 + (4 << 10)
    }
}
