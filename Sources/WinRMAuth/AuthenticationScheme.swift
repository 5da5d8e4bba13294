package import MessageSeal

/// How a client proves over HTTP who its user is.
package enum AuthenticationScheme: String, Sendable, Hashable, CaseIterable {
    case basic = "Basic"
    case digest = "Digest"
    case negotiate = "Negotiate"
    case kerberos = "Kerberos"
    case credSSP = "CredSSP"
    /// By the certificate that TLS's handshake has shown (DSP0226, annex C.3.1.6).
    case certificate = "Certificate"

    /// What seals messages where TLS does not; nil where nothing can.
    package var sealing: SealProtocol? {
        switch self {
        case .negotiate: .spnego
        case .kerberos: .kerberos
        case .credSSP: .credSSP
        case .basic, .digest, .certificate: nil
        }
    }

    /// Whether it proves itself in steps, each a token of the mechanism's.
    package var hasTokens: Bool {
        switch self {
        case .negotiate, .kerberos, .credSSP: true
        case .basic, .digest, .certificate: false
        }
    }
}

/// What proves who somebody is, within Negotiate and CredSSP.
package enum SecurityMechanism: String, Sendable, Hashable, CaseIterable {
    case kerberos = "Kerberos"
    case ntlm = "NTLM"
}
