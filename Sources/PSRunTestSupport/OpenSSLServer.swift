import COpenSSL

/// OpenSSL's server side of a connection, between buffers in memory.
package final class OpenSSLServer {
    package struct Settings {
        /// A PEM file with certificate, chain and key.
        package var identity: String
        package var oldest = TLS1_2_VERSION
        package var newest = TLS1_3_VERSION
        /// Who may sign a client's certificate. Nil asks for none.
        package var clientAuthority: String?
        /// Whether it asks in the first handshake, and will not go on without.
        package var demandsCertificate = false
        package var suites: String?
        /// 0 has what is long since weak.
        package var securityLevel: Int32 = 2

        package init(identity: String) {
            self.identity = identity
        }
    }

    /// The path of its certificate.
    package let identity: String
    private let context: OpaquePointer
    private let connection: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer
    package private(set) var isOpen = false
    package private(set) var isClosed = false

    package init(_ settings: Settings) throws {
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw TestSupportError("SSL_CTX_new") }
        self.context = context
        identity = settings.identity
        // Nothing is resumed, so that every handshake is a whole one.
        psrun_tls_habits(context)
        SSL_CTX_set_security_level(context, settings.securityLevel)
        SSL_CTX_set_session_id_context(context, "psrun", 5)
        var isReady = psrun_tls_versions(context, settings.oldest, settings.newest) == 1
        isReady = isReady && SSL_CTX_use_certificate_chain_file(context, settings.identity) == 1
        isReady = isReady && SSL_CTX_use_PrivateKey_file(context, settings.identity, 1) == 1
        if let suites = settings.suites { isReady = isReady && SSL_CTX_set_cipher_list(context, suites) == 1 }
        if let authority = settings.clientAuthority {
            isReady = isReady && SSL_CTX_load_verify_locations(context, authority, nil) == 1
        }
        if settings.demandsCertificate { SSL_CTX_set_verify(context, Self.demand, nil) }
        guard isReady, let connection = SSL_new(context), let incoming = BIO_new(BIO_s_mem()),
            let outgoing = BIO_new(BIO_s_mem())
        else {
            SSL_CTX_free(context)
            throw TestSupportError("the server: \(Self.error())")
        }
        self.connection = connection
        self.incoming = incoming
        self.outgoing = outgoing
        SSL_set_bio(connection, incoming, outgoing)
        SSL_set_accept_state(connection)
    }

    deinit {
        SSL_free(connection)
        SSL_CTX_free(context)
    }

    private static let demand = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT

    /// - Returns: what the client said.
    package func feed(_ bytes: [UInt8]) throws -> [UInt8] {
        if !bytes.isEmpty { BIO_write(incoming, bytes, Int32(bytes.count)) }
        if !isOpen {
            guard try succeeds(SSL_do_handshake(connection)) else { return [] }
            isOpen = true
        }
        var plain: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = SSL_read(connection, &buffer, Int32(buffer.count))
            guard try succeeds(count) else { return plain }
            plain += buffer[..<Int(count)]
        }
    }

    package func write(_ plain: [UInt8]) throws {
        guard try succeeds(SSL_write(connection, plain, Int32(plain.count))) else {
            throw TestSupportError("the server cannot write now")
        }
    }

    /// Asks for the client's certificate in the middle: in TLS 1.3 by post-handshake authentication, in TLS 1.2 by another
    /// handshake.
    package func demandCertificate() throws {
        SSL_set_verify(connection, Self.demand, nil)
        guard SSL_version(connection) == TLS1_3_VERSION else { return try renegotiate() }
        guard SSL_verify_client_post_handshake(connection) == 1 else { throw TestSupportError(Self.error()) }
        _ = try succeeds(SSL_do_handshake(connection))
    }

    /// Asks for another handshake (TLS 1.2).
    package func renegotiate() throws {
        guard SSL_renegotiate(connection) == 1 else { throw TestSupportError(Self.error()) }
        _ = try succeeds(SSL_do_handshake(connection))
    }

    package func renewKeys() throws {
        guard SSL_key_update(connection, 1) == 1 else { throw TestSupportError(Self.error()) }
        _ = try succeeds(SSL_do_handshake(connection))
    }

    /// Answers the next handshake with another certificate.
    package func change(identity: String) {
        SSL_use_certificate_file(connection, identity, 1)
        SSL_use_PrivateKey_file(connection, identity, 1)
    }

    package func close() {
        SSL_shutdown(connection)
    }

    /// What it has to send.
    package func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = BIO_read(outgoing, &buffer, Int32(buffer.count))
            guard count > 0 else { return bytes }
            bytes += buffer[..<Int(count)]
        }
    }

    /// Whether the client has shown a certificate that passed.
    package var hasClientCertificate: Bool {
        guard let certificate = SSL_get1_peer_certificate(connection) else { return false }
        X509_free(certificate)
        return SSL_get_verify_result(connection) == X509_V_OK
    }

    /// The name that the client asked for.
    package var serverName: String? {
        SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    private func succeeds(_ status: Int32) throws -> Bool {
        if status > 0 { return true }
        switch SSL_get_error(connection, status) {
        case SSL_ERROR_WANT_READ: return false
        case SSL_ERROR_ZERO_RETURN:
            isClosed = true
            return false
        default: throw TestSupportError("the server: \(Self.error())")
        }
    }

    private static func error() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
