import CLIXML
import PSRP

/// Cryptography that knows the captured keys alone: what OpenSSL makes of server/key-exchange and its private key.
struct CapturedKeyCryptography: ClientKeyCryptography {
    struct Unknown: Error {}

    struct Pair: SessionKeyPair {
        let publicKey: RSAPublicKey
        let ciphertext: [UInt8]
        let sessionKey: [UInt8]

        func open(_ ciphertext: [UInt8]) throws -> [UInt8] {
            guard ciphertext == self.ciphertext else { throw Unknown() }
            return sessionKey
        }
    }

    let pair: Pair
    let plaintext: [UInt8]
    let secureString: [UInt8]

    func makeKeyPair() throws -> any SessionKeyPair { pair }

    func seal(_ bytes: [UInt8], for publicKey: RSAPublicKey) throws -> [UInt8] {
        guard bytes == pair.sessionKey, publicKey == pair.publicKey else { throw Unknown() }
        return pair.ciphertext
    }

    func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        guard bytes == plaintext, sessionKey == pair.sessionKey else { throw Unknown() }
        return secureString
    }

    func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8] {
        guard bytes == secureString, sessionKey == pair.sessionKey else { throw Unknown() }
        return plaintext
    }

    func randomBytes(_ count: Int) throws -> [UInt8] {
        guard count == pair.sessionKey.count else { throw Unknown() }
        return pair.sessionKey
    }
}
