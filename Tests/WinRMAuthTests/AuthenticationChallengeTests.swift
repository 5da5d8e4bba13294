import PSRunTestSupport
import Testing
import WinRMAuth

/// `WWW-Authenticate` as servers write it.
struct AuthenticationChallengeTests {
    @Test(
        "Challenges are told apart, whether each has a header of its own or they share one",
        arguments: [
            (["Negotiate", "Kerberos", "Basic realm=\"WSMAN\""], ["Negotiate", "Kerberos", "Basic"]),
            (
                ["Negotiate, Basic realm=\"a, b\", Digest realm=x , nonce=\"y\", CredSSP"],
                ["Negotiate", "Basic", "Digest", "CredSSP"]
            ),
            (["Negotiate oYG2MIGz==, Basic realm=\"x\""], ["Negotiate", "Basic"]),
            ([", ,Basic realm=x,,NTLM"], ["Basic", "NTLM"]),
            ([""], []), (["\"x\""], []), (["Basic realm=\"x"], ["Basic"]),
        ]
    )
    func schemes(values: [String], schemes: [String]) {
        #expect(AuthenticationChallenge.all(in: values).map(\.scheme) == schemes)
    }

    @Test("A token is one word, up to its padding")
    func tokens() {
        let read = AuthenticationChallenge.all(in: ["Negotiate oYG2+/-._~a==", "NTLM", "Basic realm=x", "X a=, Y"])
        #expect(read.map(\.token) == ["oYG2+/-._~a==", nil, nil, "a=", nil])
    }

    @Test("Parameters are read without quotes and backslashes, by names in any case")
    func parameters() throws {
        let value = #"Digest Realm="a \"b\" \\c", NONCE = abc ,qop="auth,auth-int", algorithm=SHA-256, stale=TRUE"#
        let challenge = try #require(AuthenticationChallenge.all(in: [value]).first)
        #expect(
            challenge.parameters == [
                "realm": "a \"b\" \\c", "nonce": "abc", "qop": "auth,auth-int", "algorithm": "SHA-256", "stale": "TRUE",
            ]
        )
    }

    @Test("Headers of any bytes are read to their end, and no further")
    func anyBytes() {
        var random = SplitMix64(seed: 73)
        let letters = Array("Digest realm=\"\\, =ab/+".utf8) + [0x80, 0xFF, 0]
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                letters.randomElement(using: &random) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(AuthenticationChallenge.all(in: [text]).count <= bytes.count)
        }
    }
}
