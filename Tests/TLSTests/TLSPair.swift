import PSRunTestSupport

@testable import TLS

/// A client and OpenSSL's server, who speak through memory.
struct TLSPair {
    let client: TLSEngine
    let server: OpenSSLServer
    /// How many bytes at most either side gets at once.
    var piece = Int.max
    /// What the server said to the client so far, and has not been looked at.
    private(set) var heard: [UInt8] = []
    private(set) var progress = TLSProgress()

    init(_ client: TLSEngine, _ server: OpenSSLServer) {
        self.client = client
        self.server = server
    }

    /// Settings that trust the tests' authority.
    static func settings(authority: String = "authority.pem", lists: String? = nil) async throws -> TLSSettings {
        let file = try await TestCertificates.path(authority)
        var path: String?
        if let lists { path = try await TestCertificates.path(lists) }
        return TLSSettings(trust: .authorities(files: [file], folder: nil, lists: path))
    }

    static func server(_ identity: String = "host.pem") async throws -> OpenSSLServer.Settings {
        OpenSSLServer.Settings(identity: try await TestCertificates.path(identity))
    }

    static func make(
        _ settings: TLSSettings,
        _ server: OpenSSLServer.Settings,
        host: String = "srv01.example"
    ) throws -> TLSPair {
        TLSPair(try TLSEngine(TLSContext(settings), host: host), try OpenSSLServer(server))
    }

    /// Begins, and goes on until both are open or one of them fails.
    mutating func connect() throws {
        try toServer(client.start().toSend)
        try settle()
    }

    /// Carries what waits on the server's side, until both have nothing to say.
    mutating func settle() throws {
        for _ in 0..<64 {
            let bytes = server.takeOutput()
            guard !bytes.isEmpty else { return }
            for part in pieces(bytes) {
                progress = try client.feed(part)
                heard += progress.plaintext
                try toServer(progress.toSend)
            }
        }
        throw TestSupportError("client and server talk without end")
    }

    /// What the server gets of what the client says.
    @discardableResult
    mutating func say(_ text: [UInt8]) throws -> [UInt8] {
        var got = try toServer(client.write(text))
        for _ in 0..<64 {
            let bytes = server.takeOutput()
            guard !bytes.isEmpty else { break }
            progress = try client.feed(bytes)
            heard += progress.plaintext
            got += try toServer(progress.toSend)
        }
        return got
    }

    /// What the client gets of what the server says.
    mutating func answer(_ text: [UInt8]) throws -> [UInt8] {
        heard = []
        try server.write(text)
        try settle()
        return heard
    }

    @discardableResult
    private func toServer(_ bytes: [UInt8]) throws -> [UInt8] {
        try pieces(bytes).flatMap { try server.feed($0) }
    }

    private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        guard piece < bytes.count else { return bytes.isEmpty ? [] : [bytes] }
        return stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
    }
}

/// The failure of a body that must not succeed.
func failure(of body: () throws -> Void) -> TLSFailure? {
    do {
        try body()
        return nil
    } catch {
        return error as? TLSFailure
    }
}
