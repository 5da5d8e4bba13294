/// Why Kerberos or NTLM has no token, or does not open a message.
package struct GSSFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The KDC refuses the user or the password. Nobody asks it again: accounts are locked for that.
        case credentialRefused
        /// There are no tickets to log in with.
        case noCredential
        /// The library for NTLM is not installed.
        case noNTLM
        /// The far side's service has no ticket, or its token is refused.
        case contextRefused
        /// A message cannot be sealed or opened.
        case messageRefused
    }

    package let code: Code
    /// Whole sentences for a person, without secrets.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static var noNTLM: GSSFailure {
        GSSFailure(
            .noNTLM,
            "NTLM is not installed on this machine. Install it (apt-get install gss-ntlmssp), or use Kerberos."
        )
    }
}
