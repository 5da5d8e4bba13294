/// RSA and AES for protocol 2.3 and older (MS-PSRP 2.2.2.3, 2.2.2.4): passed in, so that this module needs no
/// library.
///
/// The layouts of the blobs are this module's part; big-endian numbers alone pass this seam. What an implementation
/// throws names no secret.
package protocol SessionKeyCryptography: Sendable {
    /// RSAES-PKCS1-v1_5 under a client's public key (a server's part); as many bytes as the modulus has.
    func seal(_ bytes: [UInt8], for publicKey: RSAPublicKey) throws -> [UInt8]
    /// AES-256-CBC, zero IV, PKCS7.
    func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8]
    /// The inverse of `encrypt`.
    func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8]
    /// Bytes that nobody can guess (a server's session key).
    func randomBytes(_ count: Int) throws -> [UInt8]
}

/// What a client needs beside that.
package protocol ClientKeyCryptography: SessionKeyCryptography {
    /// A new RSA key pair of 2048 bits.
    func makeKeyPair() throws -> any SessionKeyPair
}

/// A client's RSA key pair.
package protocol SessionKeyPair: Sendable {
    var publicKey: RSAPublicKey { get }
    /// RSAES-PKCS1-v1_5.
    func open(_ ciphertext: [UInt8]) throws -> [UInt8]
}

/// An RSA public key.
package struct RSAPublicKey: Sendable, Hashable {
    /// Big-endian, 256 bytes for 2048 bits.
    package let modulus: [UInt8]
    package let exponent: UInt32

    package init(modulus: [UInt8], exponent: UInt32) {
        self.modulus = modulus
        self.exponent = exponent
    }
}
