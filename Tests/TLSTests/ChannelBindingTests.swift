import PSRunTestSupport
import Testing

@testable import TLS

/// What binds an authentication to the channel (RFC 5929), as openssl's own program computes it.
struct ChannelBindingTests {
    private static func binding(_ file: String) throws -> [UInt8] {
        try #require(CertificateReading.certificates(inPEM: try contents(of: file)).first).serverEndPointBinding
    }

    private static func digest(_ file: String, _ hash: String) async throws -> [UInt8] {
        let outcome = try await ChildProgram.run(
            ["/usr/bin/openssl", "x509", "-noout", "-fingerprint", "-\(hash)", "-in", file]
        )
        let digits = Array(outcome.output.drop { $0 != "=" }.filter(\.isHexDigit))
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    @Test(
        "The hash is that of the certificate's signature",
        arguments: [
            ("rsa-sha256", "sha256"), ("rsa-sha384", "sha384"), ("rsa-sha512", "sha512"), ("ecdsa-sha384", "sha384"),
            ("pss-sha512", "sha512"), ("ed25519", "sha256"),
        ]
    )
    func hashes(name: String, hash: String) async throws {
        let file = try await TestCertificates.path("\(name).pem")
        let expected = Array("tls-server-end-point:".utf8) + (try await Self.digest(file, hash))
        #expect(try Self.binding(file) == expected)
    }

    @Test("SHA-256 stands for MD5 and SHA-1", arguments: ["md5", "sha1"])
    func oldHashes(hash: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "old.pem")
        let outcome = try await ChildProgram.run([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj",
            "/CN=old", "-\(hash)", "-out", file,
        ])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let expected = Array("tls-server-end-point:".utf8) + (try await Self.digest(file, "sha256"))
        #expect(try Self.binding(file) == expected)
    }

    @Test("A connection has the binding of the certificate that it saw, once it is open")
    func ofAConnection() async throws {
        var pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        #expect(pair.client.serverEndPointBinding == nil)
        try pair.connect()
        #expect(pair.client.serverEndPointBinding == (try Self.binding(try await TestCertificates.path("host.pem"))))
    }
}
