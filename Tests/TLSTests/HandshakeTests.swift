import COpenSSL
import PSRunTestSupport
import Testing

@testable import TLS

/// A TLS connection with OpenSSL's server.
struct HandshakeTests {
    private static let megabyte = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    @Test("Both sides speak, in TLS 1.2 and 1.3, whatever the size of what they say", arguments: ["1.2", "1.3"])
    func bothSpeak(version: String) async throws {
        var server = try await TLSPair.server()
        if version == "1.2" { server.newest = TLS1_2_VERSION }
        var pair = try TLSPair.make(try await TLSPair.settings(), server)
        try pair.connect()
        #expect(pair.server.isOpen)
        #expect(pair.client.version == "TLSv\(version)")
        #expect(pair.client.suite.contains("GCM"))
        #expect(pair.server.serverName == "srv01.example")
        for size in [1, 16384, 16385, 1 << 20] {
            let text = Array(Self.megabyte.prefix(size))
            #expect(try pair.say(text) == text)
            #expect(try pair.answer(text) == text)
        }
        pair.server.close()
        try pair.settle()
        #expect(pair.progress.isClosed)
        #expect(pair.client.ended() == nil)
    }

    @Test("What comes byte by byte is understood as if it came at once", arguments: ["1.2", "1.3"])
    func byteByByte(version: String) async throws {
        var server = try await TLSPair.server("below.pem")
        if version == "1.2" { server.newest = TLS1_2_VERSION }
        var pair = try TLSPair.make(try await TLSPair.settings(), server)
        pair.piece = 1
        try pair.connect()
        let text = Array(Self.megabyte.prefix(5000))
        #expect(try pair.say(text) == text)
        #expect(try pair.answer(text) == text)
    }

    @Test("A handshake cut in two at any byte is the same handshake")
    func cutAnywhere() async throws {
        let settings = try await TLSPair.settings()
        let server = try await TLSPair.server()
        let context = try TLSContext(settings)
        var place = 1
        while true {
            let client = try TLSEngine(context, host: "srv01.example")
            let other = try OpenSSLServer(server)
            _ = try other.feed(try client.start().toSend)
            let flight = other.takeOutput()
            guard place < flight.count else { break }
            let first = try client.feed(Array(flight[..<place]))
            let second = try client.feed(Array(flight[place...]))
            _ = try other.feed(first.toSend + second.toSend)
            #expect(other.isOpen && second.isOpen, "cut at \(place)")
            place += 1
        }
        #expect(place > 500)
    }

    @Test("What is written before the handshake is done is sent once it is")
    func earlyWrite() async throws {
        var pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        #expect(try pair.client.write(Array("early".utf8)).isEmpty)
        #expect(try pair.server.feed(pair.client.start().toSend).isEmpty)
        let progress = try pair.client.feed(pair.server.takeOutput())
        #expect(try pair.server.feed(progress.toSend) == Array("early".utf8))
        #expect(try pair.answer(Array("late".utf8)) == Array("late".utf8))
    }

    @Test("A server that has both sides renew their keys is followed")
    func keyUpdate() async throws {
        var pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        try pair.connect()
        for _ in 0..<5 {
            try pair.server.renewKeys()
            try pair.settle()
            #expect(try pair.say([1, 2, 3]) == [1, 2, 3])
            #expect(try pair.answer([4, 5]) == [4, 5])
        }
    }

    @Test("A client that closes says so, and the server sees it")
    func clientCloses() async throws {
        var pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        try pair.connect()
        _ = try pair.server.feed(pair.client.close())
        #expect(pair.server.isClosed)
    }

    @Test("A connection that ends without TLS's word for it may be cut off, and is told apart from one that ends well")
    func cutOff() async throws {
        var pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        #expect(try pair.client.start().isOpen == false)
        #expect(pair.client.ended()?.message.contains("in the TLS handshake") == true)
        pair = try TLSPair.make(try await TLSPair.settings(), try await TLSPair.server())
        try pair.connect()
        let failure = try #require(pair.client.ended())
        #expect(failure.code == .closed)
        #expect(failure.message.contains("cut off"))
        #expect(throws: failure) { try pair.client.write([1]) }
    }

    @Test("Old TLS is refused, with what is asked for", arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func oldHosts(version: Int32) async throws {
        var server = try await TLSPair.server("weak.pem")
        server.oldest = version
        server.newest = version
        server.securityLevel = 0
        server.suites = "ALL@SECLEVEL=0"
        let pair = try TLSPair.make(try await TLSPair.settings(), server)
        // The server turns the client down, and the client understands why.
        let hello = try pair.client.start().toSend
        _ = try? pair.server.feed(hello)
        let refusal = try #require(failure { _ = try pair.client.feed(pair.server.takeOutput()) })
        #expect(refusal.code == .nothingInCommon)
        #expect(refusal.message.contains("TLS 1.2 is asked for at least. Update the host."))
    }
}
