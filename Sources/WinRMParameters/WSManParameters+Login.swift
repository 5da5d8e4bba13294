extension WSManParameters {
    /// Decides how to log in.
    ///
    /// Source: PSRemotingBaseCmdlet.ValidateSpecifiedAuthentication of PowerShell 7.6, in its order; then what a client must
    /// know before it connects.
    func login(over url: WSManURL) throws(WSManParameterError) -> WSManLogin {
        let mechanism = authentication ?? .standard
        try checkAmbiguity(mechanism)
        if thumbprint != nil || certificateFile != nil, user == nil, mechanism == .standard {
            guard url.isTLS else {
                throw WSManParameterError(
                    .certificateOverHTTP,
                    "A certificate logs in within https alone: add -UseSSL, or an address that begins with https."
                )
            }
            return .certificate
        }
        switch mechanism {
        case .standard, .negotiate: return .negotiate(identity, mechanisms)
        case .negotiateWithImplicitCredential: return .negotiate(.tickets, Self.ticketsAlone)
        case .kerberos: return .kerberos(try kerberosIdentity())
        case .basic: return .basic(user: try basicUser())
        case .digest: return .digest(user: try needsUser(mechanism))
        case .credSSP: return .credSSP(user: try needsUser(mechanism), mechanisms)
        }
    }

    private func checkAmbiguity(_ mechanism: WSManAuthentication) throws(WSManParameterError) {
        func ambiguous(_ one: String, _ other: String) -> WSManParameterError {
            WSManParameterError(
                .ambiguousAuthentication,
                "\(one) cannot be given with \(other): each says how to log in. Give one of them."
            )
        }
        if user != nil, thumbprint != nil { throw ambiguous("-CertificateThumbprint", "-Credential") }
        if mechanism != .standard, thumbprint != nil {
            throw ambiguous("-CertificateThumbprint", "-Authentication \(mechanism.rawValue)")
        }
        if mechanism == .negotiateWithImplicitCredential, user != nil {
            throw ambiguous("-Credential", "-Authentication \(mechanism.rawValue)")
        }
    }

    private func needsUser(_ mechanism: WSManAuthentication) throws(WSManParameterError) -> String {
        guard let user else {
            throw WSManParameterError(
                .credentialRequired,
                "\(mechanism.rawValue) authentication requires a user and a password: give -Credential USER, and --password-file "
                    + "or its like."
            )
        }
        return user
    }

    private var identity: WSManLogin.Identity { user.map { .user($0) } ?? .tickets }

    private static let ticketsAlone = WSManLogin.Mechanisms(kerberos: true, ntlm: false)

    /// A user of a realm is Kerberos's: with the wrong password, or without the realm's servers, NTLM would be tried in its
    /// place and nobody would know. Kerberos does not know a bare name, nor one of a Windows domain.
    private var mechanisms: WSManLogin.Mechanisms {
        guard let user else { return Self.ticketsAlone }
        let isOfRealm = Self.isOfRealm(user)
        return WSManLogin.Mechanisms(kerberos: isOfRealm, ntlm: !isOfRealm || allowsNTLM == true)
    }

    private static func isOfRealm(_ user: String) -> Bool {
        guard !user.contains("\\"), let sign = user.lastIndex(of: "@") else { return false }
        return sign != user.startIndex && user.index(after: sign) != user.endIndex
    }

    private func kerberosIdentity() throws(WSManParameterError) -> WSManLogin.Identity {
        guard let user, user.contains("\\") else { return identity }
        throw WSManParameterError(
            .invalidUser,
            "Kerberos does not know '\(presentable(user))': write -Credential USER@REALM, with the realm's name and not "
                + "NetBIOS's."
        )
    }

    private func basicUser() throws(WSManParameterError) -> String {
        let user = try needsUser(.basic)
        guard !user.contains(":") else {
            throw WSManParameterError(
                .invalidUser,
                "Basic cannot carry the user '\(presentable(user))': the name ends at a colon there."
            )
        }
        return user
    }

    /// Refuses what would show more than somebody may expect, unless an option says so by name.
    func checkExposure(of login: WSManLogin, over url: WSManURL) throws(WSManParameterError) {
        guard !url.isTLS else { return }
        switch login {
        case .basic where allowsBasicOverHTTP != true:
            throw WSManParameterError(
                .basicOverHTTP,
                "Basic authentication over http shows the password, and all of the session, to everybody on the way. Use "
                    + "-UseSSL or another -Authentication; --allow-basic-over-http does it all the same."
            )
        case .credSSP where allowsCredSSPOverHTTP != true:
            throw WSManParameterError(
                .delegationOverHTTP,
                "CredSSP hands the password itself to the server, and over http no certificate shows which server that is. Use "
                    + "-UseSSL or -Authentication Kerberos; --allow-credssp-over-http does it all the same."
            )
        case .digest where noEncryption != true:
            throw WSManParameterError(
                .notSealed,
                "Digest authentication over http seals nothing: all of the session would be shown to everybody on the way. Use "
                    + "-UseSSL or another -Authentication; -SessionOption NoEncryption does it all the same."
            )
        default: return
        }
    }
}
