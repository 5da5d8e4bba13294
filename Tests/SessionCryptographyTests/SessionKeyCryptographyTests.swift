import EndpointCryptography
import FoundationEssentials
import PSRP
import PSRunTestSupport
import SessionCryptography
import Testing

/// libcrypto against a session key exchange that PowerShell 7.6.5 answered (capture server/key-exchange).
struct SessionKeyCryptographyTests {
    private let cryptography = OpenSSLSessionKeyCryptography()
    private let pair: OpenSSLSessionKeyPair
    /// The client's PUBLICKEYBLOB, the server's SIMPLEBLOB, and a secure string.
    private let blobs: [[UInt8]]

    init() throws {
        let fixtures = PackageRoot.path + "/Tests/SessionCryptographyTests/Fixtures"
        pair = try OpenSSLSessionKeyPair(pem: contents(of: "\(fixtures)/key-exchange.key.pem"))
        blobs = try text(of: "\(fixtures)/key-exchange.txt").split(separator: "\n").map { line in
            Array(try #require(Data(base64Encoded: String(line))))
        }
    }

    /// The captured session key: 12 bytes of head, then the ciphertext with its last byte first.
    private func capturedSessionKey() throws -> [UInt8] {
        try pair.open(blobs[1].dropFirst(12).reversed())
    }

    @Test("The captured exchange decrypts")
    func theCapturedExchangeDecrypts() throws {
        let key = try capturedSessionKey()
        #expect(key.count == 32)
        let secret = try cryptography.decrypt(blobs[2], sessionKey: key)
        #expect(secret == "päss".utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
        #expect(try cryptography.encrypt(secret, sessionKey: key) == blobs[2])
    }

    @Test("The public key has the form of the captured one")
    func thePublicKeyIsTheCapturedOne() {
        #expect(pair.publicKey.modulus.reversed() == Array(blobs[0].suffix(256)))
        #expect(pair.publicKey.exponent == 0x1_0001)
    }

    @Test("What is sealed opens again")
    func whatIsSealedOpens() throws {
        let key = try cryptography.randomBytes(32)
        let fresh = try cryptography.makeKeyPair()
        #expect(fresh.publicKey.modulus.count == 256)
        let sealed = try cryptography.seal(key, for: fresh.publicKey)
        #expect(sealed.count == 256)
        #expect(try fresh.open(sealed) == key)
        #expect(throws: (any Error).self) { try pair.open(sealed) }
    }

    @Test(
        "What the endpoint's library makes, libcrypto reads, and the other way round",
        arguments: [0, 1, 15, 16, 17, 5000]
    )
    func librariesAgree(count: Int) throws {
        let small = NettleSessionKeyCryptography()
        let key = try small.randomBytes(32)
        let bytes = try cryptography.randomBytes(count)
        #expect(try pair.open(small.seal(key, for: pair.publicKey)) == key)
        #expect(try small.encrypt(bytes, sessionKey: key) == cryptography.encrypt(bytes, sessionKey: key))
        #expect(try small.decrypt(cryptography.encrypt(bytes, sessionKey: key), sessionKey: key) == bytes)
    }

    @Test("The endpoint's library decrypts the captured exchange, and refuses what is broken")
    func endpointLibrary() throws {
        let small = NettleSessionKeyCryptography()
        let key = try capturedSessionKey()
        #expect(try small.decrypt(blobs[2], sessionKey: key) == cryptography.decrypt(blobs[2], sessionKey: key))
        for broken in [[], [1, 2, 3], Array(blobs[2].dropLast()), [UInt8](repeating: 7, count: 16)] as [[UInt8]] {
            #expect(throws: (any Error).self) { try small.decrypt(broken, sessionKey: key) }
        }
        #expect(throws: (any Error).self) { try small.encrypt([1], sessionKey: [1, 2]) }
        let keys = [RSAPublicKey(modulus: [], exponent: 3), RSAPublicKey(modulus: [4, 4], exponent: 3)]
        for wrong in keys { #expect(throws: (any Error).self) { try small.seal(key, for: wrong) } }
    }

    @Test("Broken keys and ciphertexts fail with an error")
    func whatIsBrokenFails() throws {
        let key = try capturedSessionKey()
        #expect(throws: (any Error).self) { try cryptography.decrypt([1, 2, 3], sessionKey: key) }
        #expect(throws: (any Error).self) { try cryptography.encrypt([1, 2, 3], sessionKey: [1, 2]) }
    }
}
