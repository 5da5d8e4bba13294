import COpenSSL
package import Files

/// Certificates and keys out of files' bytes.
package enum CertificateReading {
    /// Why a key, or what is sealed with it, could not be had.
    package enum Failure: Error, Sendable, Hashable {
        case needsPassphrase
        case wrongPassphrase
        /// With the library's words.
        case broken(String)
    }

    /// What a PKCS#12 file holds.
    package struct Contents: Sendable {
        package var certificate: Certificate?
        package var key: PrivateKey?
        package var chain: [Certificate]
    }

    /// All certificates of PEM text, in their order; what is none, or is broken, is passed over.
    package static func certificates(inPEM text: [UInt8]) -> [Certificate] {
        guard let input = BIO_new_mem_buf(text, Int32(clamping: text.count)) else { return [] }
        defer {
            BIO_free(input)
            ERR_clear_error()
        }
        var found: [Certificate] = []
        while let pointer = PEM_read_bio_X509(input, nil, withoutPassphrase, nil) {
            found.append(Certificate(owning: pointer))
        }
        return found
    }

    /// Whether PEM text has a private key.
    package static func hasPrivateKey(inPEM text: [UInt8]) -> Bool {
        let mark = Array("PRIVATE KEY-----".utf8)
        guard text.count >= mark.count else { return false }
        return (0...text.count - mark.count).contains { start in
            text[start] == mark[0] && text[start..<start + mark.count].elementsEqual(mark)
        }
    }

    /// The first private key of PEM text: PKCS#8 or an older form, with a passphrase or without.
    package static func privateKey(inPEM text: [UInt8], passphrase: Secret?) throws(Failure) -> PrivateKey {
        guard let input = BIO_new_mem_buf(text, Int32(clamping: text.count)) else { throw .broken("no memory") }
        defer {
            BIO_free(input)
            ERR_clear_error()
        }
        ERR_clear_error()
        let asking = Asking(passphrase)
        let key = withExtendedLifetime(asking) {
            PEM_read_bio_PrivateKey(input, nil, askPassphrase, Unmanaged.passUnretained(asking).toOpaque())
        }
        if let key { return PrivateKey(owning: key) }
        if asking.wasAsked { throw passphrase == nil ? .needsPassphrase : .wrongPassphrase }
        throw .broken(OpenSSLErrors.take())
    }

    /// - Parameter passphrase: nil tries none, and the empty one.
    package static func pkcs12(_ bytes: [UInt8], passphrase: Secret?) throws(Failure) -> Contents {
        guard let input = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { throw .broken("no memory") }
        defer {
            BIO_free(input)
            ERR_clear_error()
        }
        ERR_clear_error()
        guard let file = d2i_PKCS12_bio(input, nil) else { throw .broken(OpenSSLErrors.take()) }
        defer { PKCS12_free(file) }
        var key: OpaquePointer?
        var certificate: OpaquePointer?
        var chain: OpaquePointer?
        func parse(_ text: UnsafePointer<CChar>?) -> Bool { PKCS12_parse(file, text, &key, &certificate, &chain) == 1 }
        guard passphrase.map({ $0.withCString(parse) }) ?? parse("") else {
            let (reason, words) = OpenSSLErrors.takeReason()
            guard reason == PKCS12_R_MAC_VERIFY_FAILURE || reason == PKCS12_R_INVALID_NULL_PKCS12_POINTER else {
                throw .broken(words)
            }
            throw passphrase == nil ? .needsPassphrase : .wrongPassphrase
        }
        defer { psrun_chain_free(chain) }
        let authorities = (0..<psrun_chain_count(chain)).compactMap { index in
            psrun_chain_at(chain, index).map { Certificate(sharing: $0) }
        }
        return Contents(
            certificate: certificate.map { Certificate(owning: $0) },
            key: key.map { PrivateKey(owning: $0) },
            chain: authorities
        )
    }

    // MARK: What OpenSSL asks, which would otherwise be asked at the terminal

    private final class Asking {
        let passphrase: Secret?
        var wasAsked = false

        init(_ passphrase: Secret?) {
            self.passphrase = passphrase
        }
    }

    /// pem_password_cb
    private typealias Callback =
        @convention(c) @Sendable (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32

    private static let withoutPassphrase: Callback = { _, _, _, _ in -1 }

    private static let askPassphrase: Callback = { buffer, size, _, context in
        guard let buffer, let context else { return -1 }
        let asking = Unmanaged<Asking>.fromOpaque(context).takeUnretainedValue()
        asking.wasAsked = true
        return asking.passphrase?.withBytes { bytes in
            guard bytes.count <= Int(size) else { return -1 }
            UnsafeMutableRawBufferPointer(start: buffer, count: Int(size)).copyMemory(from: bytes)
            return Int32(bytes.count)
        } ?? -1
    }
}
