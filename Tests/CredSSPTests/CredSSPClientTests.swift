import Files
import PSRunTestSupport
import TLS
import Testing

@testable import CredSSP

/// CredSSP with pyspnego's acceptor; the authentication within is pyspnego's NTLM.
struct CredSSPClientTests {
    private static let identity = CredSSPIdentity(
        domain: "DOMAIN",
        user: CredSSPPeer.user,
        password: Secret(CredSSPPeer.password)
    )

    private static func client(_ peer: CredSSPPeer, tls: String = "1.2") throws -> CredSSPClient {
        let settings = TLSSettings.withinCredSSP(newest: tls == "1.3" ? .tls13 : .tls12)
        return try CredSSPClient(TLSContext(settings), inner: peer, identity: identity)
    }

    /// Carries tokens until the client is done.
    /// - Returns: how many tokens the client sent.
    private static func converse(_ client: CredSSPClient, _ peer: CredSSPPeer) async throws -> Int {
        var input: [UInt8]?
        for legs in 1...20 {
            let (output, isComplete) = try await client.step(input)
            let (answer, hasCredentials) = try peer.accept(output ?? [])
            if isComplete {
                #expect(hasCredentials)
                return legs
            }
            input = answer
        }
        throw TestSupportError("CredSSP does not end")
    }

    @Test(
        "The host gets the credentials, whichever version of CredSSP and TLS it speaks",
        arguments: [5, 6],
        ["1.2", "1.3"]
    )
    func handsOver(version: Int, tls: String) async throws {
        let peer = try await CredSSPPeer(version: version, tls: tls)
        let client = try Self.client(peer, tls: tls)
        #expect(client.sealer == nil)
        let legs = try await Self.converse(client, peer)
        // Two of TLS, two of NTLM, the proof and the credentials. In TLS 1.3 the second of TLS is its Finished alone.
        #expect(legs == 6)
        let got = try peer.call("credentials").map { String(decoding: $0, as: UTF8.self) }
        #expect(got == ["DOMAIN", CredSSPPeer.user, CredSSPPeer.password])
        // The answer 200 has no token.
        #expect(try await client.step(nil).complete)
    }

    @Test("Messages of any size are sealed both ways", arguments: ["1.2", "1.3"])
    func seals(tls: String) async throws {
        let peer = try await CredSSPPeer(tls: tls)
        let client = try Self.client(peer, tls: tls)
        _ = try await Self.converse(client, peer)
        let sealer = try #require(client.sealer)
        for size in [1, 16384, 16385, 60_000] {
            let text = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let parts = try sealer.seal(text)
            #expect(parts.count == (size + 16383) / 16384)
            #expect(parts.allSatisfy { $0.header.count == (tls == "1.3" ? 17 : 16) })
            let understood = try parts.flatMap { try peer.call("open", $0.header, $0.data)[0] }
            #expect(understood == text)
            var heard: [UInt8] = []
            for start in stride(from: 0, to: size, by: 16384) {
                let sealed = try peer.call("seal", Array(text[start..<min(start + 16384, size)]))
                heard += try sealer.open(sealed[0], sealed[1])
            }
            #expect(heard == text)
        }
    }

    @Test("A host that speaks an old version is refused", arguments: [2, 3, 4])
    func oldVersions(version: Int) async throws {
        let peer = try await CredSSPPeer(version: version)
        let client = try Self.client(peer)
        let found = await #expect(throws: CredSSPFailure.self) { _ = try await Self.converse(client, peer) }
        #expect(found?.code == .tooOld)
        #expect(found?.message.contains("CVE-2018-0886") == true)
    }

    @Test("A host that does not prove its key gets no credentials", arguments: [5, 6])
    func wrongProof(version: Int) async throws {
        let peer = try await CredSSPPeer(version: version, how: "wrong-proof")
        let client = try Self.client(peer)
        let found = await #expect(throws: CredSSPFailure.self) { _ = try await Self.converse(client, peer) }
        #expect(found == .notTheHost)
        #expect(client.sealer == nil)
    }

    @Test("A wrong password is told in the host's word for it, which version 5 has none for")
    func wrongPassword() async throws {
        let peer = try await CredSSPPeer(version: 6, how: "wrong-password")
        let client = try Self.client(peer)
        let found = await #expect(throws: CredSSPFailure.self) { _ = try await Self.converse(client, peer) }
        #expect(found?.code == .refused)
        #expect(found?.message.contains("0x") == true, "\(String(describing: found))")
    }

    @Test("Garbage at any step is an error, and no credentials leave")
    func garbage() async throws {
        var random = SplitMix64(seed: 1905)
        for step in 0..<5 {
            for kind in 0..<4 {
                let peer = try await CredSSPPeer()
                let client = try Self.client(peer)
                var input: [UInt8]?
                for _ in 0...step { input = try peer.accept(try await client.step(input).output ?? []).answer }
                var bytes = input ?? []
                switch kind {
                case 0: bytes = (0..<200).map { _ in .random(in: 0...255, using: &random) }
                case 1: bytes = Array(bytes.dropLast())
                case 2: bytes = []
                default: if !bytes.isEmpty { bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 0x40 }
                }
                let garbled = bytes
                // Some bytes of a handshake, as the host's random number, are noticed a step later.
                await #expect(throws: (any Error).self, "step \(step), kind \(kind)") {
                    let (output, _) = try await client.step(garbled)
                    _ = try await client.step(try peer.accept(output ?? []).answer)
                }
                #expect(client.sealer == nil)
            }
        }
    }

    @Test("The password is in no description of what holds it")
    func nothingIsShown() async throws {
        let peer = try await CredSSPPeer()
        let client = try Self.client(peer)
        var shown = String(reflecting: Self.identity) + "\(Self.identity)"
        dump(Self.identity, to: &shown)
        dump(client, to: &shown)
        #expect(!shown.contains(CredSSPPeer.password))
        #expect(shown.contains("secret"))
    }
}
