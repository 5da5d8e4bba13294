import COpenSSL

/// What all connections with the same trust share: the authorities are read and held once.
package final class TLSContext: Sendable {
    /// Never changed once this is made: connections may be opened from any thread.
    nonisolated(unsafe) let pointer: OpaquePointer
    package let settings: TLSSettings

    /// Reads the authorities: some 50 ms of CPU for a system's. Blocks; for a lane, not for a loop.
    /// - Throws: TLSFailure, unusable: a file of authorities, or the client certificate, is none.
    package init(_ settings: TLSSettings) throws(TLSFailure) {
        guard let pointer = SSL_CTX_new(TLS_client_method()) else {
            throw TLSFailure(.unusable, "OpenSSL gives no TLS context: \(OpenSSLErrors.take()).")
        }
        self.pointer = pointer
        self.settings = settings
        psrun_tls_habits(pointer)
        SSL_CTX_set_post_handshake_auth(pointer, 1)
        try setVersions()
        try Trust.apply(settings, to: pointer)
        try useClientCertificate()
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    private func setVersions() throws(TLSFailure) {
        var isSet = psrun_tls_versions(pointer, TLSSettings.Version.tls12.number, settings.newest.number) == 1
        if let suites = settings.suites {
            isSet = isSet && SSL_CTX_set_cipher_list(pointer, suites.old) == 1
            isSet = isSet && SSL_CTX_set_ciphersuites(pointer, suites.new) == 1
        }
        guard isSet else {
            throw TLSFailure(.unusable, "OpenSSL does not take the TLS versions and suites: \(OpenSSLErrors.take()).")
        }
    }

    private func useClientCertificate() throws(TLSFailure) {
        guard let client = settings.clientCertificate else { return }
        var isTaken = SSL_CTX_use_certificate(pointer, client.certificate.pointer) == 1
        isTaken = isTaken && SSL_CTX_use_PrivateKey(pointer, client.key.pointer) == 1
        for authority in client.chain {
            isTaken = isTaken && psrun_tls_add_chain(pointer, authority.pointer) == 1
        }
        guard isTaken else {
            throw TLSFailure(
                .unusable,
                "OpenSSL does not take the client certificate: \(OpenSSLErrors.take()). \(client.certificate.facts.shown)",
                certificate: client.certificate.facts
            )
        }
    }
}

extension TLSSettings.Version {
    var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}
