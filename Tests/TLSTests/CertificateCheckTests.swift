import PSRunTestSupport
import Testing

@testable import TLS

/// Which certificates are taken, and what is said of those that are not.
struct CertificateCheckTests {
    private enum Skip: String, CaseIterable {
        case nothing, authority, name, revocation
    }

    /// - Returns: nil where the handshake succeeds.
    private func failure(
        _ identity: String,
        host: String = "srv01.example",
        skipping skips: Set<Skip> = [],
        authority: String = "authority.pem",
        lists: String? = nil
    ) async throws -> TLSFailure? {
        var settings = try await TLSPair.settings(authority: authority, lists: lists)
        settings.skipsCACheck = skips.contains(.authority)
        settings.skipsCNCheck = skips.contains(.name)
        settings.skipsRevocationCheck = skips.contains(.revocation)
        var server = try await TLSPair.server(identity)
        // OpenSSL's server does not use a weak key by itself.
        if identity == "weak.pem" { server.securityLevel = 0 }
        var pair = try TLSPair.make(settings, server, host: host)
        let found = TLSTests.failure { try pair.connect() }
        // The server hears why, where it listens.
        if found != nil { #expect(!pair.client.takeAlert().isEmpty) }
        return found
    }

    @Test(
        "A certificate is for the host by any of its names and addresses",
        arguments: [
            "srv01.example", "SRV01.example", "srv01.example.", "localhost", "127.0.0.1", "::1", "[::1]",
            "any.wild.example",
        ]
    )
    func names(host: String) async throws {
        #expect(try await failure("host.pem", host: host) == nil)
    }

    @Test(
        "A certificate for other names is refused, and SkipCNCheck takes it",
        arguments: [
            "srv02.example", "10.0.0.5", "::2", "a.b.wild.example", "wild.example", "srv01", "srv01.example.org",
        ]
    )
    func otherNames(host: String) async throws {
        let found = try #require(try await failure("host.pem", host: host))
        #expect(found.code == .certificateNameMismatch)
        #expect(found.message.contains("DNS:srv01.example"))
        #expect(found.message.contains("-SkipCNCheck"))
        #expect(found.message.contains(host))
        #expect(try await failure("host.pem", host: host, skipping: [.name]) == nil)
        #expect(try await failure("host.pem", host: host, skipping: [.authority])?.code == .certificateNameMismatch)
    }

    @Test("A certificate without alternative names is for the host that its common name says")
    func commonName() async throws {
        #expect(try await failure("nameless.pem") == nil)
        #expect(try await failure("nameless.pem", host: "srv02.example")?.message.contains("CN=srv01.example") == true)
    }

    @Test("A certificate that nobody known signed is refused, and SkipCACheck alone takes it")
    func authorities() async throws {
        for identity in ["self-signed.pem", "host.pem"] {
            let authority = "other-authority.pem"
            let found = try #require(try await failure(identity, authority: authority))
            #expect(found.code == .certificateUntrusted)
            #expect(found.message.contains("-SkipCACheck"))
            #expect(
                try await failure(identity, skipping: [.name, .revocation], authority: authority)?.code == found.code
            )
            #expect(try await failure(identity, skipping: [.authority], authority: authority) == nil)
        }
        #expect(try await failure("below.pem") == nil)
    }

    @Test("SkipCACheck does not pass over a wrong name, a past date or another purpose")
    func skippingTheAuthorityIsNoMore() async throws {
        #expect(
            try await failure("self-signed-othername.pem", skipping: [.authority])?.code == .certificateNameMismatch
        )
        #expect(try await failure("self-signed-expired.pem", skipping: [.authority])?.code == .certificateOutOfDate)
        #expect(try await failure("expired.pem", skipping: [.authority, .name])?.code == .certificateOutOfDate)
        #expect(try await failure("wrong-purpose.pem", skipping: [.authority])?.code == .certificateUnsuitable)
        #expect(try await failure("self-signed-othername.pem", skipping: [.authority, .name]) == nil)
    }

    @Test("A certificate out of its time is refused with the date")
    func dates() async throws {
        let expired = try #require(try await failure("expired.pem"))
        #expect(expired.code == .certificateOutOfDate)
        #expect(expired.message.contains("has expired, on 20"))
        let early = try #require(try await failure("early.pem"))
        #expect(early.code == .certificateOutOfDate)
        #expect(early.message.contains("not valid before 20"))
    }

    @Test("A weak key is refused")
    func weakKeys() async throws {
        let found = try #require(try await failure("weak.pem"))
        #expect([.certificateUnsuitable, .nothingInCommon].contains(found.code), "\(found)")
    }

    @Test("A revoked certificate is refused where there is a list, and SkipRevocationCheck looks at none")
    func revocation() async throws {
        #expect(try await failure("revoked.pem") == nil)
        #expect(try await failure("host.pem", lists: "lists.pem") == nil)
        let found = try #require(try await failure("revoked.pem", lists: "lists.pem"))
        #expect(found.code == .certificateRevoked)
        #expect(found.message.contains("-SessionOption SkipRevocationCheck"))
        #expect(
            try await failure("revoked.pem", skipping: [.authority, .name], lists: "lists.pem")?.code == found.code
        )
        #expect(try await failure("revoked.pem", skipping: [.revocation], lists: "lists.pem") == nil)
        let old = try #require(try await failure("host.pem", lists: "lists-old.pem"))
        #expect(old.code == .certificateRevoked)
        #expect(old.message.contains("cannot be told"))
    }

    @Test("Revocation lists count that lie in the file of authorities")
    func listsWithAuthorities() async throws {
        let parts = try await [TestCertificates.path("authority.pem"), TestCertificates.path("lists.pem")]
        let folder = try TemporaryFolder()
        let file = try folder.write(try parts.map { try text(of: $0) }.joined(separator: "\n"), to: "both.pem")
        func failure(_ host: String, skips: Bool) async throws -> TLSFailure? {
            var settings = TLSSettings(trust: .authorities(files: [file], folder: nil, lists: nil))
            settings.skipsRevocationCheck = skips
            var pair = try TLSPair.make(settings, try await TLSPair.server(host))
            return TLSTests.failure { try pair.connect() }
        }
        #expect(try await failure("host.pem", skips: false) == nil)
        #expect(try await failure("revoked.pem", skips: false)?.code == .certificateRevoked)
        #expect(try await failure("revoked.pem", skips: true) == nil)
    }

    @Test("A refusal shows whose certificate it is, who signed it, until when, and its hash")
    func certificatesAreShown() async throws {
        let found = try #require(try await failure("othername.pem"))
        let facts = try #require(found.certificate)
        let path = try await TestCertificates.path("othername.pem")
        let outcome = try await ChildProgram.run(
            ["/usr/bin/openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", path]
        )
        let print = outcome.output.split(separator: "=").last.map { $0.filter(\.isHexDigit) }
        #expect(facts.sha256 == print)
        for part in ["CN=srv01.example,O=Example", "CN=Authority,O=Example", "valid until 20", facts.sha256] {
            #expect(found.message.contains(part), "\(part) in: \(found.message)")
        }
    }

    @Test("Authorities that cannot be read are told of by their path, and are not needed with SkipCACheck")
    func missingAuthorities() async throws {
        var settings = TLSSettings(trust: .authorities(files: ["/nonexistent/ca.pem"], folder: nil, lists: nil))
        let found = try #require(TLSTests.failure { _ = try TLSContext(settings) })
        #expect(found.code == .unusable)
        #expect(found.message.contains("/nonexistent/ca.pem"))
        settings.skipsCACheck = true
        #expect(TLSTests.failure { _ = try TLSContext(settings) } == nil)
        let folder = try TemporaryFolder()
        for text in ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let path = try folder.write(text, to: "ca.pem")
            settings = TLSSettings(trust: .authorities(files: [path], folder: nil, lists: nil))
            #expect(TLSTests.failure { _ = try TLSContext(settings) }?.code == .unusable, "\(text)")
        }
    }

    @Test("The system's authorities are found, also in a folder, and by OpenSSL's own variables")
    func systemAuthorities() async throws {
        #expect(throws: Never.self) { _ = try TLSContext(TLSSettings(trust: .system([:]))) }
        let folder = try TemporaryFolder()
        try folder.write(contents(of: try await TestCertificates.path("authority.pem")), to: "own.crt")
        try folder.write("not a certificate", to: "README")
        let settings = TLSSettings(trust: .system(["SSL_CERT_DIR": folder.path]))
        var pair = try TLSPair.make(settings, try await TLSPair.server())
        try pair.connect()
        #expect(pair.server.isOpen)
    }
}
