import CNettle
package import PSRP

/// A server's part of the session key exchange of protocol 2.3 and older over Nettle (MS-PSRP, 2.2.2.3 to 2.2.2.5; capture
/// server/key-exchange): small enough to be linked into the endpoint whole.
package struct NettleSessionKeyCryptography: SessionKeyCryptography {
    /// Why nothing was made of the bytes.
    enum Failure: String, Error, CustomStringConvertible {
        case publicKey = "the client's public key cannot be used"
        case sessionKey = "the session key has not 32 bytes"
        case padding = "what was encrypted is not whole, or is of another key"

        var description: String { rawValue }
    }

    private static let block = Int(AES_BLOCK_SIZE)

    package init() {}

    package func seal(_ bytes: [UInt8], for publicKey: RSAPublicKey) throws -> [UInt8] {
        let modulus = publicKey.modulus
        var sealed = [UInt8](repeating: 0, count: modulus.count)
        guard psrun_rsa_seal(modulus, modulus.count, publicKey.exponent, bytes, bytes.count, &sealed) == 1 else {
            throw Failure.publicKey
        }
        return sealed
    }

    package func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        guard sessionKey.count == AES256_KEY_SIZE else { throw Failure.sessionKey }
        let padding = Self.block - bytes.count % Self.block
        var result = bytes + [UInt8](repeating: UInt8(padding), count: padding)
        psrun_aes_encrypt(sessionKey, result.count, &result)
        return result
    }

    package func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        guard sessionKey.count == AES256_KEY_SIZE else { throw Failure.sessionKey }
        guard !bytes.isEmpty, bytes.count % Self.block == 0 else { throw Failure.padding }
        var result = bytes
        psrun_aes_decrypt(sessionKey, result.count, &result)
        let padding = Int(result.last ?? 0)
        guard (1...Self.block).contains(padding), result.suffix(padding).allSatisfy({ $0 == UInt8(padding) }) else {
            throw Failure.padding
        }
        return Array(result.dropLast(padding))
    }

    package func randomBytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        psrun_random(nil, count, &bytes)
        return bytes
    }
}
