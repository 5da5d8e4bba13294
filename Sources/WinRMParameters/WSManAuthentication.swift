/// How somebody wants to log in: -Authentication, as PowerShell names them.
///
/// Source: System.Management.Automation.Runspaces.AuthenticationMechanism.
package enum WSManAuthentication: String, Sendable, Hashable, CaseIterable {
    case standard = "Default"
    case basic = "Basic"
    case negotiate = "Negotiate"
    case negotiateWithImplicitCredential = "NegotiateWithImplicitCredential"
    case credSSP = "Credssp"
    case digest = "Digest"
    case kerberos = "Kerberos"
}

/// How a connection logs in, once it is decided. It holds no secret: who has the password is asked for it by the user's
/// name.
package enum WSManLogin: Sendable, Hashable {
    /// Who one is.
    package enum Identity: Sendable, Hashable {
        /// A user with a password: `op`, `DOMAIN\op` or `op@REALM`.
        case user(String)
        /// The tickets of this account, as kinit leaves them.
        case tickets
    }

    /// What may prove it within SPNEGO; at least one.
    package struct Mechanisms: Sendable, Hashable {
        package var kerberos: Bool
        package var ntlm: Bool

        package init(kerberos: Bool, ntlm: Bool) {
            self.kerberos = kerberos
            self.ntlm = ntlm
        }
    }

    case basic(user: String)
    case digest(user: String)
    case negotiate(Identity, Mechanisms)
    /// Kerberos, or an error.
    case kerberos(Identity)
    /// The password itself goes to the server, in a TLS session of its own.
    case credSSP(user: String, Mechanisms)
    /// The client's certificate, in the handshake of https.
    case certificate

    /// Whose password is needed; nil where none is.
    package var user: String? {
        switch self {
        case .basic(let user), .digest(let user), .credSSP(let user, _): user
        case .negotiate(.user(let user), _), .kerberos(.user(let user)): user
        case .negotiate(.tickets, _), .kerberos(.tickets), .certificate: nil
        }
    }

    /// As messages and results name it.
    package var name: String {
        switch self {
        case .basic: "Basic"
        case .digest: "Digest"
        case .negotiate(_, let mechanisms): mechanisms.kerberos ? "Negotiate" : "Negotiate (NTLM)"
        case .kerberos: "Kerberos"
        case .credSSP: "Credssp"
        case .certificate: "Certificate"
        }
    }
}
