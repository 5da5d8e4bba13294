import Files
import Glibc
import PSRunTestSupport
import Synchronization
import TLS
import Testing

@testable import Certificates

/// Client certificates in a folder, looked up as -CertificateThumbprint names them.
struct CertificateStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func put(_ name: String, as other: String? = nil, mode: UInt32 = 0o600) async throws {
        try folder.write(contents(of: try await TestCertificates.path(name)), to: other ?? name, mode: mode)
    }

    private static func facts(_ name: String) async throws -> CertificateFacts {
        let text = try contents(of: try await TestCertificates.path(name))
        return try #require(CertificateReading.certificates(inPEM: text).first).facts
    }

    private func find(
        _ thumbprint: String,
        now: Int64 = Int64(time(nil)),
        passphrases: [String: String] = [:]
    ) async throws -> (certificate: ClientCertificate, asked: [String]) {
        let asked = Mutex<[String]>([])
        let found = try await CertificateStore(folder.path).certificate(try Thumbprint(thumbprint), now: now) { path in
            let name = FilePaths.name(of: path)
            asked.withLock { $0.append(name) }
            return passphrases[name].map { Secret($0) }
        }
        return (found, asked.withLock(\.self))
    }

    private func failure(_ thumbprint: String, passphrases: [String: String] = [:]) async -> CertificateStoreFailure? {
        do {
            _ = try await find(thumbprint, passphrases: passphrases)
            return nil
        } catch {
            return error as? CertificateStoreFailure
        }
    }

    @Test("A thumbprint may be written as dialogs and openssl write it, and must be one")
    func thumbprints() async throws {
        let plain = try await Self.facts("client.pem").thumbprint
        let pairs = stride(from: 0, to: 40, by: 2).map { plain.dropFirst($0).prefix(2) }
        for text in [
            plain, plain.lowercased(), pairs.joined(separator: " "), pairs.joined(separator: ":"), "\u{200E}\(plain)",
        ] {
            #expect(try Thumbprint(text).text == plain)
        }
        for text in ["", "client", String(plain.dropLast()), plain + "0", plain.replacing("A", with: "X") + "X", "*"] {
            #expect(throws: CertificateStoreFailure.self) { try Thumbprint(text) }
        }
    }

    @Test(
        "A certificate is found with its key, in every form that needs no passphrase",
        arguments: [["client.pem"], ["client.crt", "client.key"], ["client-open.p12"]]
    )
    func openForms(files: [String]) async throws {
        let facts = try await Self.facts("client.pem")
        for file in files + ["stranger.pem", "authority.pem"] { try await put(file) }
        try folder.write("this is not a certificate", to: "README.txt")
        try folder.write([0, 1, 2, 255], to: "noise")
        let (found, asked) = try await find(facts.thumbprint)
        #expect(found.certificate.facts == facts)
        #expect(asked.isEmpty)
    }

    @Test("A key in another file than the certificate is found by what it is, not by its name")
    func keysByFit() async throws {
        let facts = try await Self.facts("client.pem")
        try await put("client.crt", as: "a.pem")
        try await put("client.key", as: "z.pem")
        try await put("stranger.pem", as: "b.pem")
        #expect(try await find(facts.thumbprint).certificate.certificate.facts == facts)
    }

    @Test(
        "A passphrase is asked for by the file's path, once, and only where it is needed",
        arguments: [["client-locked.pem"], ["client.crt", "client-locked.key"], ["client.p12"]]
    )
    func lockedForms(files: [String]) async throws {
        let facts = try await Self.facts("client.pem")
        let locked = files.last ?? ""
        for file in files {
            try await put(file, as: file == "client-locked.key" ? "client.key" : file)
        }
        let name = locked == "client-locked.key" ? "client.key" : locked
        let (found, asked) = try await find(facts.thumbprint, passphrases: [name: TestCertificates.passphrase])
        #expect(found.certificate.facts == facts)
        #expect(asked == [name])
        for passphrases in [[:], [name: "wrong"]] {
            let refusal = try #require(await failure(facts.thumbprint, passphrases: passphrases))
            #expect(refusal.code == .locked, "\(refusal)")
            #expect(refusal.message.contains(name))
            #expect(refusal.message.contains("wrong") == !passphrases.isEmpty)
        }
        // Another certificate is not worth a passphrase of a PEM file, and of PKCS#12 it cannot be known.
        let stranger = try await Self.facts("stranger.pem").thumbprint
        try await put("stranger.pem")
        #expect(try await find(stranger).asked.isEmpty)
    }

    @Test("Not there, there twice, without a key, expired: each is told by itself")
    func failures() async throws {
        let facts = try await Self.facts("client.pem")
        let missing = try #require(await failure(facts.thumbprint))
        #expect(missing.code == .notFound)
        #expect(missing.message.contains(facts.thumbprint) && missing.message.contains(folder.path))
        try await put("client.crt")
        let keyless = try #require(await failure(facts.thumbprint))
        #expect(keyless.code == .noKey)
        try await put("client.pem")
        #expect(try await find(facts.thumbprint).asked.isEmpty)
        try await put("client-open.p12")
        let twice = try #require(await failure(facts.thumbprint))
        #expect(twice.code == .ambiguous)
        #expect(twice.message.contains("client.pem") && twice.message.contains("client-open.p12"))
        try await put("client-expired.pem")
        let expired = try #require(await failure(try await Self.facts("client-expired.pem").thumbprint))
        #expect(expired.code == .outOfDate)
        #expect(expired.message.contains("has expired, on 20"))
    }

    @Test("A key that others may read is not used", arguments: ["client.pem", "client-open.p12"])
    func exposedKeys(name: String) async throws {
        let facts = try await Self.facts("client.pem")
        try await put(name, mode: 0o640)
        let refusal = try #require(await failure(facts.thumbprint))
        #expect(refusal.code == .exposed)
        #expect(refusal.message.contains("chmod 600"))
    }

    @Test("A key that is another certificate's is not used")
    func wrongKeys() async throws {
        let facts = try await Self.facts("client.pem")
        let text = try contents(of: try await TestCertificates.path("client.crt"))
        let key = try contents(of: try await TestCertificates.path("host.pem"))
        try folder.write(text + key, to: "mixed.pem", mode: 0o600)
        let refusal = try #require(await failure(facts.thumbprint))
        #expect(refusal.code == .broken)
        #expect(refusal.message.contains("another certificate"))
    }

    @Test("A folder that is not there, or is too full, is told of")
    func folders() async throws {
        let thumbprint = try Thumbprint(String(repeating: "AB", count: 20))
        await #expect(throws: CertificateStoreFailure.self) {
            try await CertificateStore("/nonexistent").certificate(thumbprint, now: 0) { _ in nil }
        }
        for number in 0...CertificateStore.mostFiles { try folder.write("", to: "\(number)") }
        let refusal = try #require(await failure(thumbprint.text))
        #expect(refusal.code == .folderUnusable)
        #expect(refusal.message.contains("\(CertificateStore.mostFiles)"))
    }

    @Test("Broken files are passed over, and named where nothing was found")
    func brokenFiles() async throws {
        let facts = try await Self.facts("client.pem")
        var random = SplitMix64(seed: 1904)
        let whole = try contents(of: try await TestCertificates.path("client-open.p12"))
        for number in 0..<60 {
            var bytes = whole
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try folder.write(
                Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random))),
                to: "\(number).p12",
                mode: 0o600
            )
        }
        let refusal = try #require(await failure(String(repeating: "AB", count: 20)))
        #expect([.broken, .locked].contains(refusal.code))
        #expect(refusal.message.contains("1.p12"))
        try await put("client.pem")
        // A changed byte may be one that nothing looks at; then it is there twice.
        let found = await failure(facts.thumbprint)
        #expect(found == nil || found?.code == .ambiguous)
    }
}
