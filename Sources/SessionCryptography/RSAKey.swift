import CCrypto
import PSRP

/// What libcrypto could not do.
struct CryptographyFailure: Error, CustomStringConvertible {
    let operation: String

    /// With the library's own word on it.
    var description: String {
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        let reason = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        return "\(operation): \(reason)"
    }
}

/// An RSA key of libcrypto's: the one owner of its pointer, never changed once made.
final class RSAKey: @unchecked Sendable {
    private let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    static func generate(bits: Int32) throws -> RSAKey {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw CryptographyFailure(operation: "RSA")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1,
            EVP_PKEY_generate(context, &key) == 1, let key
        else { throw CryptographyFailure(operation: "making an RSA key") }
        return RSAKey(owning: key)
    }

    /// A private key as `BEGIN RSA PRIVATE KEY` or `BEGIN PRIVATE KEY` text.
    static func read(pem: [UInt8]) throws -> RSAKey {
        guard let input = BIO_new_mem_buf(pem, Int32(pem.count)) else { throw CryptographyFailure(operation: "PEM") }
        defer { BIO_free(input) }
        guard let key = PEM_read_bio_PrivateKey(input, nil, nil, nil) else {
            throw CryptographyFailure(operation: "reading an RSA key")
        }
        return RSAKey(owning: key)
    }

    static func make(_ publicKey: RSAPublicKey) throws -> RSAKey {
        let failure = CryptographyFailure(operation: "reading an RSA public key")
        guard let modulus = BN_bin2bn(publicKey.modulus, Int32(publicKey.modulus.count), nil) else { throw failure }
        defer { BN_free(modulus) }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { throw failure }
        defer { EVP_PKEY_CTX_free(context) }
        guard let key = psrun_rsa_public_key(context, modulus, publicKey.exponent) else { throw failure }
        return RSAKey(owning: key)
    }

    func publicKey() throws -> RSAPublicKey {
        let exponent = try number(OSSL_PKEY_PARAM_RSA_E, bytes: 4).reduce(0) { $0 << 8 | UInt32($1) }
        return RSAPublicKey(
            modulus: try number(OSSL_PKEY_PARAM_RSA_N, bytes: Int(EVP_PKEY_get_size(pointer))),
            exponent: exponent
        )
    }

    /// A number of the key's, the most significant byte first.
    private func number(_ name: String, bytes count: Int) throws -> [UInt8] {
        var value: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &value) == 1, let value else {
            throw CryptographyFailure(operation: "writing an RSA key")
        }
        defer { BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: count)
        guard BN_bn2binpad(value, &bytes, Int32(count)) == Int32(count) else {
            throw CryptographyFailure(operation: "writing an RSA key")
        }
        return bytes
    }

    // MARK: PKCS #1 v1.5 encryption (RFC 8017, 7.2)

    func encrypt(_ bytes: [UInt8]) throws -> [UInt8] {
        try apply(bytes, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, "RSA encryption")
    }

    func decrypt(_ bytes: [UInt8]) throws -> [UInt8] {
        try apply(bytes, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, "RSA decryption")
    }

    private func apply(
        _ bytes: [UInt8],
        _ begin: (OpaquePointer?) -> CInt,
        _ run: (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?, UnsafePointer<UInt8>?, Int) ->
            CInt,
        _ operation: String
    ) throws -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new(pointer, nil) else { throw CryptographyFailure(operation: operation) }
        defer { EVP_PKEY_CTX_free(context) }
        var result = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(pointer)))
        var count = result.count
        guard begin(context) == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1,
            run(context, &result, &count, bytes, bytes.count) == 1
        else { throw CryptographyFailure(operation: operation) }
        return Array(result[..<count])
    }
}
