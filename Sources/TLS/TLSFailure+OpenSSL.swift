import COpenSSL

extension TLSFailure {
    /// What the first error in the thread's queue means.
    /// - Parameters:
    ///   - isOpen: whether the handshake was done.
    ///   - isAsked: whether the host wants a certificate of this side.
    static func ofOpenSSL(isOpen: Bool, isAsked: Bool, _ settings: TLSSettings) -> TLSFailure {
        let (reason, words) = OpenSSLErrors.takeReason()
        // Before TLS 1.3 there was no word of its own for a certificate that is missing.
        let isMissing = isAsked && settings.clientCertificate == nil && reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE
        if isMissing || clientCertificate.contains(reason) { return ofClientCertificate(words, settings) }
        if isOpen { return TLSFailure(.protocolError, "what the host sent is not intact TLS (\(words)).") }
        if otherProtocol.contains(reason) {
            return TLSFailure(
                .notTLS,
                "what answers on this port does not speak TLS (\(words)). Check that the port is the one for https (5986), "
                    + "or connect without -UseSSL."
            )
        }
        if nothingInCommon.contains(reason) {
            return TLSFailure(
                .nothingInCommon,
                "the host has no TLS version or cipher suite that is taken here (\(words)); TLS 1.2 is asked for at least. "
                    + "Update the host."
            )
        }
        return TLSFailure(.protocolError, "the TLS handshake failed (\(words)).")
    }

    private static func ofClientCertificate(_ words: String, _ settings: TLSSettings) -> TLSFailure {
        guard let client = settings.clientCertificate else {
            return TLSFailure(
                .clientCertificateRefused,
                "the host wants a certificate of this side (\(words)). Name one with -CertificateThumbprint."
            )
        }
        let facts = client.certificate.facts
        return TLSFailure(
            .clientCertificateRefused,
            "the host does not take the client certificate \(facts.thumbprint) (\(words)). \(facts.shown) Check that the "
                + "host trusts who signed it, and that it is mapped to a user there.",
            certificate: facts
        )
    }

    private static let clientCertificate: Set<Int32> = [
        SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
        SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
        SSL_R_SSLV3_ALERT_NO_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
        SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, SSL_R_TLSV1_ALERT_ACCESS_DENIED, SSL_R_TLSV1_ALERT_UNKNOWN_CA,
    ]
    private static let otherProtocol: Set<Int32> = [
        SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH,
        SSL_R_UNKNOWN_PROTOCOL, SSL_R_BAD_RECORD_TYPE,
    ]
    private static let nothingInCommon: Set<Int32> = [
        SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE,
        SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, SSL_R_DH_KEY_TOO_SMALL, SSL_R_EE_KEY_TOO_SMALL,
        SSL_R_CA_KEY_TOO_SMALL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_SSL_VERSION,
        SSL_R_UNSUPPORTED_SSL_VERSION, SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, SSL_R_NO_CIPHERS_AVAILABLE,
        SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_CIPHER_RETURNED,
        SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_CIPHER,
    ]
}
