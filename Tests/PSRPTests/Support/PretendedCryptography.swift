import PSRP

/// Cryptography that hides nothing: what goes in is turned round and marked, so that a test sees whether it was used.
struct PretendedCryptography: ClientKeyCryptography {
    struct Wrong: Error {}

    struct Pair: SessionKeyPair {
        let publicKey = RSAPublicKey(modulus: (0..<256).map { UInt8($0) | 1 }, exponent: 65537)

        func open(_ ciphertext: [UInt8]) throws -> [UInt8] { Array(ciphertext.prefix(32)) }
    }

    /// Whether what was encrypted with another key is taken, as it is.
    var takesAnything = false

    func makeKeyPair() throws -> any SessionKeyPair { Pair() }

    func seal(_ bytes: [UInt8], for publicKey: RSAPublicKey) throws -> [UInt8] {
        bytes + [UInt8](repeating: 7, count: publicKey.modulus.count - bytes.count)
    }

    func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        sessionKey.prefix(4) + bytes.reversed()
    }

    func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        guard bytes.starts(with: sessionKey.prefix(4)) else {
            guard takesAnything else { throw Wrong() }
            return bytes
        }
        return bytes.dropFirst(4).reversed()
    }

    func randomBytes(_ count: Int) throws -> [UInt8] { (0..<count).map { UInt8($0 * 3) } }
}
