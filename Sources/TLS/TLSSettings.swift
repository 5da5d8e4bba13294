/// Whom a client trusts, and what of a server's certificate it does not look at: one shared `TLSContext` each.
package struct TLSSettings: Sendable {
    package enum Version: Sendable {
        case tls12
        case tls13
    }

    package var trust: TLSTrust
    /// SkipCACheck: whoever signed the certificate. Its names, its dates and its purpose are checked all the same.
    package var skipsCACheck = false
    /// SkipCNCheck: whatever host it is for. Who signed it is checked all the same.
    package var skipsCNCheck = false
    /// SkipRevocationCheck: revocation lists that there are, are not looked at.
    package var skipsRevocationCheck = false
    /// The option that named the authorities, for messages; nil where they are the system's.
    package var trustOption: String?
    /// What this side shows to a server that asks for a certificate.
    package var clientCertificate: ClientCertificate?
    package var newest = Version.tls13
    /// The cipher suites of TLS 1.2 and older, and those of 1.3, as OpenSSL names them; nil for the library's own.
    package var suites: (old: String, new: String)?

    package init(trust: TLSTrust) {
        self.trust = trust
    }

    /// The TLS within CredSSP: nobody vouches for the host's certificate, since pubKeyAuth proves its key (MS-CSSP,
    /// 3.1.5). AES-GCM alone, whose trailer has one length.
    /// - Parameter newest: TLS 1.2, unless a host is known to speak 1.3 within CredSSP.
    package static func withinCredSSP(newest: Version = .tls12) -> TLSSettings {
        var settings = TLSSettings(trust: .anyone)
        settings.newest = newest
        settings.suites = (
            old: "ECDHE+AESGCM:DHE+AESGCM:AESGCM", new: "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"
        )
        return settings
    }
}

/// Who may sign a host's certificate.
package enum TLSTrust: Sendable, Hashable {
    /// Those whose certificates are in these PEM files, or in those of this folder. Revocation lists in the files are looked
    /// at as well.
    /// - `lists`: a PEM file of revocation lists, which the host's certificate is then looked up in; nil where nobody has
    ///   any, and nothing is looked up.
    case authorities(files: [String], folder: String?, lists: String?)
    /// Nothing is checked: for what is secured in another way, never for https.
    case anyone

    /// The system's own authorities, as OpenSSL's programs find them: SSL_CERT_FILE and SSL_CERT_DIR where they are set,
    /// else the bundle of the distribution. Blocks.
    package static func system(_ environment: [String: String], lists: String? = nil) -> TLSTrust {
        let file = environment["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let folder = environment["SSL_CERT_DIR"].flatMap { $0.isEmpty ? nil : $0 }
        let bundle = file ?? (folder == nil ? Trust.bundle() : nil)
        return .authorities(files: bundle.map { [$0] } ?? [], folder: folder, lists: lists)
    }
}
