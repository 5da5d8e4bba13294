import COpenSSL

/// What one connection thinks of its host's certificate: OpenSSL asks at each thing that it finds wrong.
final class CertificateCheck {
    let host: PeerName?
    let settings: TLSSettings
    /// Whether the host wants a certificate of this side.
    private(set) var isAskedForCertificate = false
    /// The first thing that was wrong and does not go unlooked at.
    private(set) var failure: TLSFailure?

    init(_ host: PeerName?, _ settings: TLSSettings) {
        self.host = host
        self.settings = settings
    }

    /// The place among a connection's own data where its check is.
    static let place: Int32 = 0

    /// SSL_verify_cb: 1 goes on, 0 ends the handshake.
    static let callback: @convention(c) @Sendable (Int32, OpaquePointer?) -> Int32 = { isFine, store in
        guard isFine != 1, let store else { return isFine }
        guard let connection = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let check = SSL_get_ex_data(OpaquePointer(connection), place)
        else { return 0 }
        return Unmanaged<CertificateCheck>.fromOpaque(check).takeUnretainedValue().found(store) ? 1 : 0
    }

    /// Of SSL_set_cert_cb(3): the host asks for a certificate. 1 goes on with what the context has.
    static let asked: @convention(c) @Sendable (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { _, check in
        if let check {
            Unmanaged<CertificateCheck>.fromOpaque(check).takeUnretainedValue().isAskedForCertificate = true
        }
        return 1
    }

    /// - Returns: whether it is one of the things that are not looked at.
    private func found(_ store: OpaquePointer) -> Bool {
        let error = X509_STORE_CTX_get_error(store)
        if settings.skipsCACheck, Self.authority.contains(error) {
            X509_STORE_CTX_set_error(store, X509_V_OK)
            return true
        }
        guard failure == nil else { return false }
        let words = X509_verify_cert_error_string(Int(error)).map { String(cString: $0) } ?? "error \(error)"
        let facts = X509_STORE_CTX_get_current_cert(store).map { CertificateFacts(of: $0) }
        failure = describe(error, words, facts, isAbove: X509_STORE_CTX_get_error_depth(store) > 0)
        return false
    }

    /// What says that nobody who is trusted signed it.
    private static let authority: Set<Int32> = [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
        X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_CHAIN_TOO_LONG, X509_V_ERR_INVALID_CA,
        X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_KEYUSAGE_NO_CERTSIGN,
    ]
    private static let names: Set<Int32> = [X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH]
    private static let dates: Set<Int32> = [
        X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
        X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
    ]
    private static let lists: Set<Int32> = [
        X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_CRL_SIGNATURE_FAILURE,
        X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
        X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
        X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
        X509_V_ERR_DIFFERENT_CRL_SCOPE, X509_V_ERR_CRL_PATH_VALIDATION_ERROR,
    ]

    private func describe(_ error: Int32, _ words: String, _ facts: CertificateFacts?, isAbove: Bool) -> TLSFailure {
        let name = host?.shown ?? "the host"
        let whose = isAbove ? "a certificate above that of \(name)" : "the certificate of \(name)"
        let shown = facts.map { " " + $0.shown } ?? ""
        let (code, what, cure): (TLSFailure.Code, String, String)
        switch error {
        case _ where Self.authority.contains(error):
            code = .certificateUntrusted
            what = "\(whose) is not signed by an authority that is trusted here (\(words))."
            cure =
                "Name who signed it with --ca-file, which then counts in place of this computer's authorities, or without "
                + "--ca-file have this computer trust it (update-ca-certificates); -SkipCACheck enters whoever shows such a "
                + "certificate."
        case _ where Self.names.contains(error):
            code = .certificateNameMismatch
            let names = facts.map { $0.names.isEmpty ? $0.subject : $0.names } ?? ""
            what = "\(whose) is for another name (\(names))."
            cure =
                "Name the host as its certificate does, or pass -SkipCNCheck to enter it whatever its certificate is for."
        case _ where Self.dates.contains(error):
            code = .certificateOutOfDate
            let isEarly = error == X509_V_ERR_CERT_NOT_YET_VALID
            let moment = (isEarly ? facts?.notBefore : facts?.notAfter).map(CertificateFacts.date) ?? "a date"
            what = isEarly ? "\(whose) is not valid before \(moment)." : "\(whose) has expired, on \(moment)."
            cure = "Renew it on the host, and see that the clocks are right here and there; no option passes over it."
        case X509_V_ERR_CERT_REVOKED:
            code = .certificateRevoked
            what = "\(whose) is revoked."
            cure =
                "Give the host another one; -SessionOption SkipRevocationCheck enters it without a look at revocation lists."
        case _ where Self.lists.contains(error):
            code = .certificateRevoked
            what = "whether \(whose) is revoked cannot be told (\(words))."
            cure = "Fetch its authority's current revocation list, or pass -SessionOption SkipRevocationCheck."
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            code = .certificateUnsuitable
            what = "\(whose) is too weak (\(words))."
            cure = "Have it made anew, with a key of 2048 bits and SHA-256 at least."
        default:
            code = .certificateUnsuitable
            what = "\(whose) cannot be used for a server (\(words))."
            cure = "Give the host a certificate that is made for server authentication."
        }
        return TLSFailure(code, "\(what)\(shown) \(cure)", certificate: facts)
    }
}
