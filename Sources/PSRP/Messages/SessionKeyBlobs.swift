/// The layouts of CryptoAPI's blobs that carry keys up to protocol 2.3 (MS-PSRP 2.2.2.3, 2.2.2.4;
/// server/key-exchange): little-endian, headers fixed.
extension RSAPublicKey {
    /// PUBLICKEYBLOB, RSA for key exchange; then "RSA1".
    private static let header: [UInt8] = [
        0x06, 0x02, 0x00, 0x00, 0x00, 0xA4, 0x00, 0x00, 0x52, 0x53, 0x41, 0x31,
    ]

    package var publicKeyBlob: [UInt8] {
        var blob = Self.header
        let bits = UInt32(modulus.count * 8)
        for word in [bits, exponent] {
            for shift in stride(from: UInt32(0), through: 24, by: 8) {
                blob.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return blob + modulus.reversed()
    }

    /// - Throws: `.sessionKey` for anything but a PUBLICKEYBLOB of 2048 bits.
    package init(publicKeyBlob blob: [UInt8]) throws(PSRPError) {
        func word(_ start: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(blob[start + $1]) << UInt32($1 * 8) }
        }
        guard blob.count == 20 + 256, blob.starts(with: Self.header), word(12) == 2048 else {
            throw PSRPError(.sessionKey, "The client's public key is not an RSA key of 2048 bits.")
        }
        self.init(modulus: blob[20...].reversed(), exponent: word(16))
    }
}

/// A session key as a server sends it: SIMPLEBLOB, AES-256 under RSA, the ciphertext's bytes reversed.
enum SessionKeyBlob {
    private static let header: [UInt8] = [
        0x01, 0x02, 0x00, 0x00, 0x10, 0x66, 0x00, 0x00, 0x00, 0xA4, 0x00, 0x00,
    ]

    static func pack(ciphertext: [UInt8]) -> [UInt8] {
        header + ciphertext.reversed()
    }

    static func ciphertext(of blob: [UInt8]) throws(PSRPError) -> [UInt8] {
        guard blob.count == header.count + 256, blob.starts(with: header) else {
            throw PSRPError(.sessionKey, "The server's session key is not an AES key under RSA of 2048 bits.")
        }
        return blob[header.count...].reversed()
    }
}
