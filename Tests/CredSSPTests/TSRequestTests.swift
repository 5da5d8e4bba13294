import Files
import PSRunTestSupport
import Testing

@testable import CredSSP

/// TSRequest and TSCredentials as bytes.
struct TSRequestTests {
    private static func hex(_ text: String) -> [UInt8] {
        let digits = Array(text.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    @Test("A request is written as MS-CSSP has it, with lengths of one, two and three bytes")
    func writes() throws {
        let token = TSRequest(negoToken: [1, 2, 3])
        #expect(token.encoded() == Self.hex("3012 a003020106 a10b 3009 3007 a005 0403010203"))
        let proof = TSRequest(pubKeyAuth: [9], clientNonce: [7, 7])
        #expect(proof.encoded() == Self.hex("3010 a003020106 a3030401 09 a5040402 0707"))
        for count in [0, 100, 127, 128, 255, 256, 70_000] {
            let large = TSRequest(negoToken: [UInt8](repeating: 5, count: count), authInfo: [1])
            #expect(try TSRequest(decoding: large.encoded()) == large)
        }
    }

    @Test("An error code is read with a sign and without")
    func errorCodes() throws {
        for text in ["300e a003020106 a407 0205 00c000006d", "300d a003020106 a406 0204 c000006d"] {
            #expect(try TSRequest(decoding: Self.hex(text)).errorCode == 0xC000_006D)
        }
        #expect(NTStatus.text(0xC000_006D).contains("password is wrong (0xC000006D)"))
        #expect(NTStatus.text(0x1) == "NTSTATUS 0x00000001")
    }

    @Test(
        "What is not DER, is out of order, or has something behind it, is refused",
        arguments: [
            "", "30", "3000", "3003 020106", "3080 a003020106 0000", "3005 a003020106 00", "3084ffffffff",
            "300a a003020106 a1020500", "3005 a003040106", "300a a003020106 a003020106",
            "3010 a003020106 a3030401 09 a2030401 09", "300a a003020106 a6030401 09", "3006 a004020200",
            "300d a003020106 a406 0206 0000c000006d", "3011 a003020106 a10a 3008 3006 a0040401 01 00",
            "3017 a003020106 a110 300e 3005 a003040101 3005 a003040102", "3005 5f03020106", "301f a003020106",
        ]
    )
    func refuses(text: String) {
        #expect(throws: CredSSPFailure.self) { try TSRequest(decoding: Self.hex(text)) }
    }

    @Test("A request beyond the bound is refused by its length alone")
    func bound() {
        let room = TSRequest(negoToken: [UInt8](repeating: 0, count: 1 << 17)).encoded().count - (1 << 17)
        let most = TSRequest(negoToken: [UInt8](repeating: 0, count: TSRequest.mostBytes - room))
        #expect(throws: Never.self) { try TSRequest(decoding: most.encoded()) }
        let more = TSRequest(negoToken: [UInt8](repeating: 0, count: TSRequest.mostBytes))
        #expect(throws: CredSSPFailure.self) { try TSRequest(decoding: more.encoded()) }
    }

    @Test("A part that a later version adds is passed over")
    func laterVersions() throws {
        let request = try TSRequest(decoding: Self.hex("300a a003020107 a6030401 09"))
        #expect(request.version == 7)
    }

    @Test("Changed and cut requests are read or refused, never more")
    func mutations() {
        var random = SplitMix64(seed: 1906)
        let whole = TSRequest(
            negoToken: [UInt8](repeating: 1, count: 40),
            pubKeyAuth: [UInt8](repeating: 2, count: 200),
            clientNonce: [UInt8](repeating: 3, count: 32)
        ).encoded()
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            _ = try? TSRequest(decoding: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        }
    }

    @Test("Credentials are written in UTF-16, in one buffer of their size")
    func credentials() {
        let identity = CredSSPIdentity(domain: "D", user: "u", password: Secret("p\u{1f511}"))
        let bytes = identity.credentials()
        // Put together by hand, from MS-CSSP 2.2.1.2 and X.690.
        let expected = "3021 a003020101 a11a 0418 3016 a0040402 4400 a1040402 7500 a2080406 7000 3dd811dd"
        #expect(bytes == Self.hex(expected))
        #expect(bytes.capacity <= bytes.count + 32)
    }

    @Test("The proof of a key is the hash of MS-CSSP, another one in each direction")
    func proofs() {
        let proof = PublicKeyProof(key: [0x30, 0xFF, 3], nonce: [UInt8](repeating: 7, count: 32))
        // By Python's hashlib, of the words of MS-CSSP 3.1.5, a zero byte, the nonce and the key.
        #expect(proof.ofClient == Self.hex("d077476c1455ad6c8a94766d01bbcf368033de28e4fcd9a496441bfd3fd1b562"))
        #expect(proof.ofServer == Self.hex("9c3d6c60d21047dde286cfbaca1dfdafe841344ef707655eff58dbfffbdc76c9"))
    }
}
