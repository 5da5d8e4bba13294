/// Why a connection is not authenticated.
package struct AuthenticationFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// What was asked for does not go together, or is weaker than what is allowed.
        case refusedHere
        /// The server does not take this user's proof.
        case rejected
        /// The server has no such scheme.
        case notOffered
        /// The server took the user's proof and gave none of its own.
        case serverUnproven
        /// The server's part of the exchange is not one.
        case malformed
        /// The server answered something else before it was done.
        case otherAnswer
        /// This side has no token: Kerberos or NTLM failed here.
        case noToken
    }

    package let code: Code
    /// Whole sentences for a person, without secrets.
    package let message: String
    /// As programs know it, where that is not a refused login.
    package let name: String?

    package init(_ code: Code, _ message: String, name: String? = nil) {
        self.code = code
        self.message = message
        self.name = name
    }

    package var description: String { message }
}
