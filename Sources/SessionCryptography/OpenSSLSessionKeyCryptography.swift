import CCrypto
package import PSRP

/// The session key exchange of protocol 2.3 and older over libcrypto (MS-PSRP, 2.2.2.3 to 2.2.2.5; capture
/// server/key-exchange).
package struct OpenSSLSessionKeyCryptography: ClientKeyCryptography {
    package init() {}

    package func makeKeyPair() throws -> any SessionKeyPair {
        try OpenSSLSessionKeyPair(key: RSAKey.generate(bits: 2048))
    }

    package func seal(_ bytes: [UInt8], for publicKey: RSAPublicKey) throws -> [UInt8] {
        try RSAKey.make(publicKey).encrypt(bytes)
    }

    package func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        try cipher(bytes, sessionKey, isEncrypting: true)
    }

    package func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        try cipher(bytes, sessionKey, isEncrypting: false)
    }

    package func randomBytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw CryptographyFailure(operation: "randomness") }
        return bytes
    }

    private func cipher(_ bytes: [UInt8], _ key: [UInt8], isEncrypting: Bool) throws -> [UInt8] {
        let failure = CryptographyFailure(operation: isEncrypting ? "encryption" : "decryption")
        guard key.count == 32, let context = EVP_CIPHER_CTX_new() else { throw failure }
        defer { EVP_CIPHER_CTX_free(context) }
        let vector = [UInt8](repeating: 0, count: 16)
        var result = [UInt8](repeating: 0, count: bytes.count + 16)
        var count: Int32 = 0
        var rest: Int32 = 0
        guard EVP_CipherInit_ex(context, EVP_aes_256_cbc(), nil, key, vector, isEncrypting ? 1 : 0) == 1,
            EVP_CipherUpdate(context, &result, &count, bytes, Int32(bytes.count)) == 1
        else { throw failure }
        let isWhole = result.withUnsafeMutableBufferPointer { buffer in
            EVP_CipherFinal_ex(context, buffer.baseAddress.map { $0 + Int(count) }, &rest) == 1
        }
        guard isWhole else { throw failure }
        return Array(result[..<Int(count + rest)])
    }
}

/// A client's key pair; the private half never leaves libcrypto.
package struct OpenSSLSessionKeyPair: SessionKeyPair {
    package let publicKey: RSAPublicKey
    private let key: RSAKey

    /// - Parameter pem: a private key as PEM text.
    package init(pem: [UInt8]) throws {
        try self.init(key: RSAKey.read(pem: pem))
    }

    init(key: RSAKey) throws {
        self.key = key
        publicKey = try key.publicKey()
    }

    package func open(_ ciphertext: [UInt8]) throws -> [UInt8] {
        try key.decrypt(ciphertext)
    }
}
