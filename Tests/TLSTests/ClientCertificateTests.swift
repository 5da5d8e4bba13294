import COpenSSL
import Files
import PSRunTestSupport
import Testing

@testable import TLS

/// Servers that want a certificate of the client, at once or later.
struct ClientCertificateTests {
    private static func identity(_ name: String) async throws -> ClientCertificate {
        let text = try contents(of: try await TestCertificates.path(name))
        let certificate = try #require(CertificateReading.certificates(inPEM: text).first)
        return ClientCertificate(
            certificate,
            try CertificateReading.privateKey(inPEM: text, passphrase: nil),
            chain: []
        )
    }

    private static func pair(_ client: String?, _ version: Int32, demands: Bool) async throws -> TLSPair {
        var settings = try await TLSPair.settings()
        if let client { settings.clientCertificate = try await identity(client) }
        var server = try await TLSPair.server()
        server.newest = version
        server.clientAuthority = try await TestCertificates.path("authority.pem")
        server.demandsCertificate = demands
        return try TLSPair.make(settings, server)
    }

    @Test("A server that demands a certificate gets it", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func inTheHandshake(version: Int32) async throws {
        var pair = try await Self.pair("client.pem", version, demands: true)
        try pair.connect()
        #expect(pair.server.hasClientCertificate)
        #expect(try pair.say([1]) == [1])
    }

    @Test(
        "A server that wants another certificate, or gets none, is told of as such",
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION],
        ["stranger.pem", nil]
    )
    func refused(version: Int32, name: String?) async throws {
        var pair = try await Self.pair(name, version, demands: true)
        // The server throws; what it sends then is what the client understands.
        try? pair.connect()
        #expect(!pair.server.isOpen)
        let found = try #require(failure { _ = try pair.client.feed(pair.server.takeOutput()) })
        #expect(found.code == .clientCertificateRefused, "\(found)")
        if let name {
            let facts = try await Self.identity(name).certificate.facts
            #expect(found.message.contains(facts.thumbprint))
        } else {
            #expect(found.message.contains("-CertificateThumbprint"))
        }
    }

    @Test(
        "A server that asks for the certificate later gets it, while what was being sent waits",
        arguments: [TLS1_2_VERSION, TLS1_3_VERSION]
    )
    func later(version: Int32) async throws {
        var pair = try await Self.pair("client.pem", version, demands: false)
        pair.piece = 1000
        try pair.connect()
        #expect(!pair.server.hasClientCertificate)
        let body = [UInt8](repeating: 0x61, count: 100_000)
        #expect(try pair.say(Array("POST".utf8)) == Array("POST".utf8))
        try pair.server.demandCertificate()
        // The first half of the question has arrived when there is more to say.
        let question = pair.server.takeOutput()
        let half = question.count / 2
        var got: [UInt8] = []
        for part in [question[..<half], question[half...]] {
            got += try pair.server.feed(pair.client.feed(Array(part)).toSend)
            got += try pair.say(body)
        }
        try pair.settle()
        #expect(got == body + body)
        #expect(pair.server.hasClientCertificate)
        #expect(try pair.answer([1, 2]) == [1, 2])
        #expect(try pair.say([3]) == [3])
    }

    @Test("A host that shows another certificate in a later handshake is left")
    func anotherCertificate() async throws {
        var pair = try await Self.pair("client.pem", TLS1_2_VERSION, demands: false)
        try pair.connect()
        pair.server.change(identity: try await TestCertificates.path("revoked.pem"))
        try pair.server.demandCertificate()
        let found = try #require(failure { try pair.settle() })
        #expect(found.code == .protocolError)
        #expect(found.message.contains("another certificate"))
    }

    @Test("A host that asks for one handshake after the other is left")
    func endlessHandshakes() async throws {
        var pair = try await Self.pair("client.pem", TLS1_2_VERSION, demands: false)
        try pair.connect()
        let found = failure {
            for _ in 0..<20 {
                try pair.server.renegotiate()
                try pair.settle()
            }
        }
        #expect(found?.message.contains("one TLS handshake after the other") == true, "\(String(describing: found))")
    }
}
