/// What is done only where the user says so, since it is weaker than what psrun does by itself.
package struct AuthenticationPermits: Sendable, Hashable {
    /// Schemes that plain http may carry all the same. Kerberos and Negotiate need no permit: they seal what is said.
    package var plainHTTP: Set<AuthenticationScheme>
    /// Negotiate may fall back to NTLM for an account that is named as Kerberos names it.
    package var ntlmForPrincipals: Bool

    package init(plainHTTP: Set<AuthenticationScheme> = [], ntlmForPrincipals: Bool = false) {
        self.plainHTTP = plainHTTP
        self.ntlmForPrincipals = ntlmForPrincipals
    }

    package static let none = AuthenticationPermits()

    /// What a scheme shows to whoever listens on plain http, or lets somebody in between do.
    /// - Returns: nil where nothing is exposed that sealing does not cover.
    package static func exposure(of scheme: AuthenticationScheme) -> String? {
        switch scheme {
        case .basic:
            "Basic over plain http shows the user's name and password, and all that is said in the session, to whoever "
                + "listens on the way"
        case .digest:
            "Digest over plain http shows all that is said in the session to whoever listens on the way, and lets them change "
                + "it; they can try passwords against what they heard as well"
        case .credSSP:
            "CredSSP over plain http hands the password to a server that no certificate vouches for"
        case .certificate:
            "a certificate is shown in TLS's handshake, and plain http has none"
        case .negotiate, .kerberos:
            nil
        }
    }
}
