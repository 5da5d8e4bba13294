import Files
import Glibc
import PSRunTestSupport
import TLS
import Testing

@testable import CredSSP

/// Hosts whose TLS is sound and whose CredSSP is not, and what stays of the password.
struct HostileHostTests {
    /// An authentication that is complete after its second token; its seal turns every bit around.
    private struct Inner: CredSSPInnerContext {
        func step(_ input: [UInt8]?) async throws -> (output: [UInt8]?, complete: Bool) { ([1], input != nil) }
        func wrap(_ plain: [UInt8]) throws -> [UInt8] { plain.map { ~$0 } }
        func unwrap(_ sealed: [UInt8]) throws -> [UInt8] { sealed.map { ~$0 } }
    }

    /// The host's side: OpenSSL's TLS, and what the test has it say.
    private struct Host {
        let server: OpenSSLServer
        let client: CredSSPClient
        private(set) var input: [UInt8]?

        init(_ password: Secret, newest: TLSSettings.Version = .tls12) async throws {
            server = try OpenSSLServer(.init(identity: try await TestCertificates.path("host.pem")))
            let identity = CredSSPIdentity(domain: "D", user: "op", password: password)
            client = try CredSSPClient(TLSContext(.withinCredSSP(newest: newest)), inner: Inner(), identity: identity)
        }

        /// - Returns: what the client said within TLS; empty for a token of TLS's own.
        mutating func hear() async throws -> (said: [UInt8], isComplete: Bool) {
            let (output, isComplete) = try await client.step(input)
            let said = try server.feed(output ?? [])
            input = server.takeOutput()
            return (said, isComplete)
        }

        mutating func say(_ bytes: [UInt8]) throws {
            try server.write(bytes)
            input = server.takeOutput()
        }

        /// Up to the client's first message.
        mutating func open() async throws {
            for _ in 0..<4 where try await !hear().said.isEmpty { return }
            throw TestSupportError("no message comes")
        }

        /// What an honest host answers to the client's proof.
        func proof(for request: TSRequest) throws -> TSRequest {
            let identity = try contents(of: server.identity)
            let certificate = try #require(CertificateReading.certificates(inPEM: identity).first)
            let nonce = try #require(request.clientNonce)
            let proof = PublicKeyProof(key: certificate.publicKeyBits, nonce: nonce)
            #expect(request.pubKeyAuth == proof.ofClient.map { ~$0 })
            return TSRequest(pubKeyAuth: proof.ofServer.map { ~$0 })
        }
    }

    /// Hands the credentials over to an honest host.
    private static func handOver(_ password: Secret) async throws -> [UInt8] {
        var host = try await Host(password)
        try await host.open()
        try host.say(TSRequest(negoToken: [2]).encoded())
        let request = try TSRequest(decoding: try await host.hear().said)
        try host.say(host.proof(for: request).encoded())
        let (said, isComplete) = try await host.hear()
        #expect(isComplete)
        return try #require(try TSRequest(decoding: said).authInfo).map { ~$0 }
    }

    @Test("An honest host of this kind gets the credentials")
    func honest() async throws {
        let got = try await Self.handOver(Secret("word"))
        #expect(got == CredSSPIdentity(domain: "D", user: "op", password: Secret("word")).credentials())
    }

    @Test("Garbage within sound TLS is an error at every step, and no credentials leave")
    func garbage() async throws {
        var random = SplitMix64(seed: 1907)
        for round in 0..<120 {
            var host = try await Host(Secret("word"))
            try await host.open()
            var answer = TSRequest(negoToken: [2])
            if round % 2 == 1 {
                try host.say(answer.encoded())
                answer = try host.proof(for: try TSRequest(decoding: try await host.hear().said))
            }
            var bytes = answer.encoded()
            switch round / 2 % 5 {
            case 0: bytes = (0..<40).map { _ in .random(in: 0...255, using: &random) }
            case 1: bytes.removeLast()
            case 2: bytes += bytes
            case 3: bytes[Int.random(in: 0..<5, using: &random)] ^= .random(in: 1...255, using: &random)
            default: bytes = TSRequest(authInfo: [1, 2, 3]).encoded()
            }
            try host.say(bytes)
            let found = await #expect(throws: CredSSPFailure.self, "round \(round)") {
                _ = try await host.client.step(host.input)
            }
            #expect(found?.message.isEmpty == false)
            #expect(host.client.sealer == nil)
        }
    }

    @Test("A host that changes its version, or starts TLS anew, is left")
    func changes() async throws {
        var host = try await Host(Secret("word"))
        try await host.open()
        try host.say(TSRequest(negoToken: [2]).encoded())
        _ = try await host.hear()
        // Version 5 where it was 6.
        var bytes = TSRequest(pubKeyAuth: [1]).encoded()
        bytes[6] = 5
        try host.say(bytes)
        await #expect(throws: CredSSPFailure.self) { _ = try await host.client.step(host.input) }
        host = try await Host(Secret("word"))
        try await host.open()
        try host.server.renegotiate()
        let question = host.server.takeOutput()
        await #expect(throws: CredSSPFailure.self) { _ = try await host.client.step(question) }
    }

    @Test("Once the credentials are handed over, their text is nowhere in memory")
    func wiped() async throws {
        var random = SplitMix64(seed: 1908)
        // Never in one piece but in the wrapper that is tested: letters, each turned around.
        let turned = (0..<40).map { _ in ~UInt8.random(in: 0x61...0x7A, using: &random) }
        var sealed = try await Self.handOver(Secret(turned.map { ~$0 }))
        #expect(sealed.suffix(80).enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? ~turned[$0 / 2] : 0) })
        FileContents.wipe(&sealed)
        sealed = []
        #expect(try Self.copies(of: turned) == 0)
        // The search finds what is there.
        let kept = turned.flatMap { [~$0, 0] as [UInt8] }
        #expect(try Self.copies(of: turned) > 0)
        #expect(kept.count == 80)
    }

    /// How often these letters, in UTF-16, are in this process's writable memory.
    private static func copies(of turned: [UInt8]) throws -> Int {
        let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        defer { close(memory) }
        let size = 1 << 20
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { chunk.deallocate() }
        var count = 0
        for line in try text(of: "/proc/self/maps").split(separator: "\n") where line.contains(" rw") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt64($0, radix: 16) }
            // What is larger is a sanitizer's own map of memory.
            guard ends.count == 2, ends[1] - ends[0] <= 1 << 30 else { continue }
            var place = ends[0]
            while place < ends[1] {
                let wanted = min(UInt64(size), ends[1] - place)
                let got = pread(memory, chunk.baseAddress, Int(wanted), off_t(truncatingIfNeeded: place))
                guard got > 80 else { break }
                count += found(turned, in: UnsafeRawBufferPointer(rebasing: chunk[..<got]))
                place += got == Int(wanted) && place + wanted < ends[1] ? UInt64(got - 80) : UInt64(got)
            }
        }
        return count
    }

    private static func found(_ turned: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int {
        guard var place = bytes.baseAddress else { return 0 }
        let end = place + bytes.count
        var count = 0
        while let hit = memchr(place, Int32(~turned[0]), end - place) {
            let start = UnsafeRawPointer(hit)
            place = start + 1
            guard end - start >= 80 else { break }
            let isWhole = turned.indices.allSatisfy { index in
                start.load(fromByteOffset: 2 * index, as: UInt8.self) == ~turned[index]
                    && start.load(fromByteOffset: 2 * index + 1, as: UInt8.self) == 0
            }
            if isWhole { count += 1 }
        }
        return count
    }
}
