import COpenSSL

/// One TLS connection as its client, without a socket: ciphertext of the other side in, ciphertext for it and plaintext
/// out. Used by one owner at a time. Once it has thrown, it throws the same for ever.
package final class TLSEngine {
    /// What an idle connection must not keep is kept nowhere: plaintext is read through the stack.
    private static let chunkBytes = 16384
    /// A host asks for another handshake when it wants a certificate: once or twice.
    static let mostRenegotiations = 8

    private let context: TLSContext
    private let connection: OpaquePointer
    private let wire = Wire()
    private let check: CertificateCheck
    /// Plaintext that is not sealed yet: the handshake is not done, or a new one is under way. OpenSSL wants the first of
    /// them again as it was.
    private var unsealed: [[UInt8]] = []
    private var isOpen = false
    private var isClosed = false
    private var broken: TLSFailure?

    /// The other side's certificate, once it has been seen and checked.
    package private(set) var peerCertificate: Certificate?

    /// - Parameter host: as the user named it: a name or an address. Nil says none, where nothing is checked.
    /// - Throws: TLSFailure, unusable: no memory, or a name that is none.
    package init(_ context: TLSContext, host: String?) throws(TLSFailure) {
        let name = host.map { PeerName($0) }
        let check = CertificateCheck(name, context.settings)
        guard let connection = SSL_new(context.pointer) else {
            throw TLSFailure(.unusable, "OpenSSL gives no TLS connection: \(OpenSSLErrors.take()).")
        }
        // From here on the deinit frees it.
        self.context = context
        self.connection = connection
        self.check = check
        guard let bio = wire.makeBIO() else { throw TLSFailure(.unusable, "OpenSSL gives no BIO.") }
        SSL_set_bio(connection, bio, bio)
        SSL_set_connect_state(connection)
        let own = Unmanaged.passUnretained(check).toOpaque()
        SSL_set_ex_data(connection, CertificateCheck.place, own)
        SSL_set_cert_cb(connection, CertificateCheck.asked, own)
        let checksName = context.settings.trust != .anyone && !context.settings.skipsCNCheck
        let isNamed = name.map { $0.apply(to: connection, isChecked: checksName) } ?? !checksName
        guard isNamed else {
            throw TLSFailure(
                .unusable,
                "a certificate cannot be for the name '\(host ?? "")': \(OpenSSLErrors.take())."
            )
        }
    }

    deinit {
        SSL_free(connection)
    }

    /// `TLSv1.3`
    package var version: String { SSL_get_version(connection).map { String(cString: $0) } ?? "" }

    /// `TLS_AES_256_GCM_SHA384`; empty before the handshake.
    package var suite: String {
        SSL_get_current_cipher(connection).flatMap { SSL_CIPHER_get_name($0) }.map { String(cString: $0) } ?? ""
    }

    /// What binds an authentication to this channel: the application data of its GSSAPI channel bindings. Nil before the
    /// handshake is done.
    package var serverEndPointBinding: [UInt8]? { peerCertificate?.serverEndPointBinding }

    /// Begins the handshake.
    package func start() throws(TLSFailure) -> TLSProgress {
        try feed([])
    }

    /// Takes what came from the other side, in pieces of any size.
    package func feed(_ ciphertext: [UInt8]) throws(TLSFailure) -> TLSProgress {
        if let broken { throw broken }
        let plaintext = try wire.feeding(ciphertext) { () -> Result<[UInt8], TLSFailure> in
            do throws(TLSFailure) { return .success(try advance()) } catch { return .failure(error) }
        }.get()
        return TLSProgress(toSend: wire.takeOutput(), plaintext: plaintext, isOpen: isOpen, isClosed: isClosed)
    }

    /// Seals plaintext. What cannot be sealed yet is kept, and comes out of `feed` when it can.
    /// - Returns: what is to be sent, which may be nothing.
    package func write(_ plaintext: [UInt8]) throws(TLSFailure) -> [UInt8] {
        if let broken { throw broken }
        if !plaintext.isEmpty { unsealed.append(plaintext) }
        try sealWhatWaits()
        return wire.takeOutput()
    }

    /// Says that nothing more will be sent (close_notify).
    package func close() -> [UInt8] {
        guard broken == nil, isOpen else { return [] }
        ERR_clear_error()
        SSL_shutdown(connection)
        ERR_clear_error()
        return wire.takeOutput()
    }

    /// What is still to be sent after a failure: the alert that tells the other side of it.
    package func takeAlert() -> [UInt8] { wire.takeOutput() }

    /// What it means that the other side's bytes have ended. Nil where it said so before: what it sent is whole.
    package func ended() -> TLSFailure? {
        if isClosed { return nil }
        if let broken { return broken }
        let failure =
            isOpen
            ? TLSFailure(
                .closed,
                "the host closed the connection without TLS's word for it: what it sent may be cut off."
            )
            : TLSFailure(
                .closed,
                "the host closed the connection in the TLS handshake. Check that the port is the one for https (5986), and "
                    + "that the host has a certificate for WinRM."
            )
        broken = failure
        return failure
    }

    // MARK: OpenSSL's calls

    private func advance() throws(TLSFailure) -> [UInt8] {
        if !isOpen {
            ERR_clear_error()
            let status = SSL_do_handshake(connection)
            guard status == 1 else {
                try expectMore(status)
                return []
            }
            isOpen = true
            peerCertificate = SSL_get1_peer_certificate(connection).map { Certificate(owning: $0) }
        }
        try sealWhatWaits()
        let plaintext = try readAll()
        try checkRenegotiation()
        // A handshake that held plaintext up may be done now.
        try sealWhatWaits()
        return plaintext
    }

    private func readAll() throws(TLSFailure) -> [UInt8] {
        var plaintext: [UInt8] = []
        while !isClosed {
            ERR_clear_error()
            let status = withUnsafeTemporaryAllocation(byteCount: Self.chunkBytes, alignment: 1) { buffer -> Int32 in
                var count = 0
                let status = SSL_read_ex(connection, buffer.baseAddress, buffer.count, &count)
                if status == 1 { plaintext += buffer.prefix(count) }
                return status
            }
            guard status != 1 else { continue }
            if SSL_get_error(connection, status) == SSL_ERROR_ZERO_RETURN { isClosed = true }
            guard !isClosed else { break }
            try expectMore(status)
            break
        }
        return plaintext
    }

    private func sealWhatWaits() throws(TLSFailure) {
        guard isOpen else { return }
        while let next = unsealed.first {
            ERR_clear_error()
            if SSL_in_init(connection) != 0 {
                // Another handshake is under way. Nothing is sealed for whom it brings before that is known.
                let status = SSL_do_handshake(connection)
                guard status == 1 else { return try expectMore(status) }
                try checkRenegotiation()
            }
            var count = 0
            let status = SSL_write_ex(connection, next, next.count, &count)
            guard status == 1 else { return try expectMore(status) }
            unsealed.removeFirst()
        }
    }

    /// A call that did not succeed: either the other side's turn is next, or this is the end.
    private func expectMore(_ status: Int32) throws(TLSFailure) {
        guard SSL_get_error(connection, status) != SSL_ERROR_WANT_READ else { return }
        let failure =
            check.failure ?? .ofOpenSSL(isOpen: isOpen, isAsked: check.isAskedForCertificate, context.settings)
        broken = failure
        throw failure
    }

    /// Whoever answers a new handshake must be who answered the first one: channel bindings and the user's trust are its.
    private func checkRenegotiation() throws(TLSFailure) {
        let count = psrun_tls_renegotiations(connection)
        guard count > 0, SSL_in_init(connection) == 0 || count > Self.mostRenegotiations else { return }
        let present = SSL_get1_peer_certificate(connection).map { Certificate(owning: $0) }
        let reason: String? =
            if count > Self.mostRenegotiations {
                "asks for one TLS handshake after the other"
            } else if present?.facts.sha256 != peerCertificate?.facts.sha256 {
                "shows another certificate than before"
            } else { nil }
        guard let reason else { return }
        let failure = TLSFailure(
            .protocolError,
            "the host \(reason), on the same connection. No honest host does that."
        )
        broken = failure
        throw failure
    }
}
