import COpenSSL
import PSRunTestSupport
import Testing

@testable import TLS

/// Bytes that no honest server sends.
struct HostileServerTests {
    @Test(
        "What is not TLS is told as such",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 ready\r\n"]
    )
    func otherProtocols(text: String) async throws {
        let client = try TLSEngine(TLSContext(try await TLSPair.settings()), host: "srv01.example")
        _ = try client.start()
        let found = try #require(failure { _ = try client.feed(Array(text.utf8)) })
        #expect(found.code == .notTLS, "\(found)")
        #expect(found.message.contains("5986"))
        // It stays so.
        #expect(failure { _ = try client.feed([]) } == found)
        #expect(failure { _ = try client.write([1]) } == found)
    }

    @Test("Any bytes at any moment end in an error or in waiting for more")
    func garbage() async throws {
        var random = SplitMix64(seed: 1901)
        let context = try TLSContext(try await TLSPair.settings())
        let server = try await TLSPair.server()
        for round in 0..<400 {
            var pair = TLSPair(try TLSEngine(context, host: "srv01.example"), try OpenSSLServer(server))
            if round % 2 == 0 { try pair.connect() } else { _ = try pair.client.start() }
            var junk = (0..<Int.random(in: 1...600, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Half of them look like records.
            if round % 4 < 2 {
                junk = [[20, 21, 22, 23, 24][round / 4 % 5], 3, 3, 0, UInt8(min(junk.count, 255))] + junk
            }
            let found = failure { _ = try pair.client.feed(junk) }
            if let found { #expect(!found.message.isEmpty) }
        }
    }

    @Test("A handshake with any byte changed fails, or is the same handshake")
    func changedBytes() async throws {
        var random = SplitMix64(seed: 1902)
        let context = try TLSContext(try await TLSPair.settings())
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            var server = try await TLSPair.server()
            server.newest = version
            for _ in 0..<300 {
                let client = try TLSEngine(context, host: "srv01.example")
                let other = try OpenSSLServer(server)
                _ = try other.feed(try client.start().toSend)
                var flight = other.takeOutput()
                let place = Int.random(in: 0..<flight.count, using: &random)
                flight[place] ^= UInt8.random(in: 1...255, using: &random)
                let found = failure {
                    let progress = try client.feed(flight)
                    _ = try? other.feed(progress.toSend)
                    _ = try client.feed(other.takeOutput())
                }
                let isHeeded = !Self.ignored(in: flight).contains(place)
                #expect(found != nil || !other.isOpen || !isHeeded, "byte \(place) of TLS \(version)")
            }
        }
    }

    /// The versions of records that are not sealed, which nobody may look at (RFC 8446, 5.1).
    private static func ignored(in flight: [UInt8]) -> Set<Int> {
        var places: Set<Int> = []
        var start = 0
        while start + 5 <= flight.count {
            if flight[start] != 23 { places.formUnion([start + 1, start + 2]) }
            start += 5 + Int(flight[start + 3]) << 8 + Int(flight[start + 4])
        }
        return places
    }

    @Test("An answer with any byte changed is never taken for the answer")
    func changedAnswers() async throws {
        var random = SplitMix64(seed: 1903)
        let context = try TLSContext(try await TLSPair.settings())
        let server = try await TLSPair.server()
        for _ in 0..<200 {
            var pair = TLSPair(try TLSEngine(context, host: "srv01.example"), try OpenSSLServer(server))
            try pair.connect()
            try pair.server.write(Array("200 OK".utf8))
            var record = pair.server.takeOutput()
            record[Int.random(in: 0..<record.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            var heard: [UInt8] = []
            _ = failure { heard = try pair.client.feed(record).plaintext }
            #expect(heard.isEmpty)
        }
    }
}
