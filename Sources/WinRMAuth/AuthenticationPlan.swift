/// How one connection is to be authenticated: what was asked for, in the terms of HTTP and of security mechanisms.
package struct AuthenticationPlan: Sendable {
    package let scheme: AuthenticationScheme
    /// Who logs in; nil for whoever the machine's Kerberos tickets belong to, and for a certificate.
    package let credential: WinRMCredential?
    /// Which mechanisms may prove it, and no other; empty for the schemes that need none.
    package let mechanisms: [SecurityMechanism]
    /// Whether TLS carries the connection.
    package let isTLS: Bool

    /// Whether messages are sealed by the scheme: over plain http always, where it can.
    package var isSealed: Bool { !isTLS && scheme.sealing != nil }

    /// Finds what does as it was asked, and never anything weaker.
    /// - Parameters:
    ///   - asked: what `-Authentication` says.
    ///   - hasCertificate: whether `-CertificateThumbprint` names one.
    ///   - isTLS: whether the URI is one of https.
    /// - Throws: AuthenticationFailure (`refusedHere`).
    package init(
        _ asked: AskedAuthentication,
        credential: WinRMCredential?,
        hasCertificate: Bool = false,
        isTLS: Bool,
        permits: AuthenticationPermits = .none
    ) throws(AuthenticationFailure) {
        let scheme = try Self.scheme(asked, hasCertificate: hasCertificate)
        try Self.checkCredential(asked, scheme, credential, hasCertificate: hasCertificate)
        try Self.checkExposure(scheme, isTLS: isTLS, permits)
        self.scheme = scheme
        self.credential = scheme == .certificate ? nil : credential
        self.isTLS = isTLS
        mechanisms = Self.mechanisms(scheme, credential, permits)
    }

    private static func scheme(
        _ asked: AskedAuthentication,
        hasCertificate: Bool
    ) throws(AuthenticationFailure) -> AuthenticationScheme {
        guard !hasCertificate else {
            guard asked == .default else {
                throw .refused(
                    "-CertificateThumbprint is an authentication of its own: leave out -Authentication \(asked.rawValue)."
                )
            }
            return .certificate
        }
        return switch asked {
        case .default, .negotiate, .negotiateWithImplicitCredential: .negotiate
        case .basic: .basic
        case .credSSP: .credSSP
        case .digest: .digest
        case .kerberos: .kerberos
        }
    }

    private static func checkCredential(
        _ asked: AskedAuthentication,
        _ scheme: AuthenticationScheme,
        _ credential: WinRMCredential?,
        hasCertificate: Bool
    ) throws(AuthenticationFailure) {
        if credential != nil, hasCertificate {
            throw .refused("-CertificateThumbprint and -Credential are two answers to who logs in: give one.")
        }
        if credential != nil, asked == .negotiateWithImplicitCredential {
            throw .refused(
                "-Authentication NegotiateWithImplicitCredential logs in as whoever runs psrun: leave out -Credential."
            )
        }
        if credential == nil, [.basic, .digest, .credSSP].contains(scheme) {
            throw .refused("-Authentication \(asked.rawValue) needs -Credential: a user's name and password.")
        }
        // RFC 7617, section 2: the name ends at the first colon.
        if scheme == .basic, let credential, credential.user.utf8.contains(UInt8(ascii: ":")) {
            throw .refused("Basic cannot carry the user's name \(credential.user): it has a colon in it.")
        }
        if scheme == .kerberos, let credential, case .downLevel(let domain, let user) = credential.account {
            throw .refused(
                "Kerberos does not know \(credential.user): it needs the realm's name, not NetBIOS's. Give the user as "
                    + "\(user)@REALM, where \(domain) is a short name of the realm."
            )
        }
    }

    private static func checkExposure(
        _ scheme: AuthenticationScheme,
        isTLS: Bool,
        _ permits: AuthenticationPermits
    ) throws(AuthenticationFailure) {
        guard !isTLS, let exposure = AuthenticationPermits.exposure(of: scheme) else { return }
        guard scheme != .certificate else {
            throw .refused("-CertificateThumbprint needs https (-UseSSL): \(exposure).")
        }
        guard permits.plainHTTP.contains(scheme) else {
            throw .refused("\(exposure). Use https (-UseSSL), or Negotiate or Kerberos, which seal what is said.")
        }
    }

    /// Which mechanisms an account's name leaves. A wrong password must not turn one into the other: NTLM is there for
    /// names that Kerberos does not have, and for others where it is permitted.
    private static func mechanisms(
        _ scheme: AuthenticationScheme,
        _ credential: WinRMCredential?,
        _ permits: AuthenticationPermits
    ) -> [SecurityMechanism] {
        switch (scheme, credential?.account) {
        case (.basic, _), (.digest, _), (.certificate, _): []
        // Without a password there are the machine's tickets alone.
        case (.kerberos, _), (_, nil): [.kerberos]
        case (_, .principal): permits.ntlmForPrincipals ? [.kerberos, .ntlm] : [.kerberos]
        case (_, .downLevel), (_, .local): [.ntlm]
        }
    }
}

extension AuthenticationFailure {
    static func refused(_ message: String) -> AuthenticationFailure { AuthenticationFailure(.refusedHere, message) }
}
