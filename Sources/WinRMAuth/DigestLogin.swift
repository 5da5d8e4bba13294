/// A user's answers to one server's Digest (RFC 7616, section 3.4): a header for each request, each with its own count.
struct DigestLogin: Sendable {
    private let credential: WinRMCredential
    private let method: String
    private let target: String
    private let hashes: any DigestHashing
    private var challenge: DigestChallenge
    private let clientNonce: String
    private var nonce: String
    private var count: UInt32 = 0
    /// H(A1) of the last header, for the server's own proof.
    private var lastSecret = ""

    /// - Parameters:
    ///   - clientNonce: a text without quotes that nobody can guess.
    ///   - target: the request's target, as its first line has it.
    init(
        _ challenge: DigestChallenge,
        credential: WinRMCredential,
        method: String,
        target: String,
        clientNonce: String,
        hashes: any DigestHashing
    ) {
        self.challenge = challenge
        self.credential = credential
        self.method = method
        self.target = target
        self.hashes = hashes
        nonce = challenge.nonce
        self.clientNonce = clientNonce
    }

    /// Takes the server's next nonce, as a stale answer or `Authentication-Info` has it.
    mutating func renew(nonce next: String) {
        nonce = next
        count = 0
    }

    mutating func renew(_ challenge: DigestChallenge) {
        self.challenge = challenge
        renew(nonce: challenge.nonce)
    }

    func isStronger(than other: DigestChallenge) -> Bool { challenge.strength > other.strength }

    /// The next request's header.
    mutating func header() -> String {
        count += 1
        let algorithm = challenge.algorithm
        lastSecret = secret()
        let counted = counted()
        let request = algorithm.hash(Array("\(method):\(target)".utf8), hashes)
        let response = algorithm.hash(
            Array("\(lastSecret):\(nonce):\(counted):\(clientNonce):auth:\(request)".utf8),
            hashes
        )
        let parts = [
            user(), "realm=\(Self.quoted(challenge.realm))", "nonce=\(Self.quoted(nonce))",
            "uri=\(Self.quoted(target))",
            "algorithm=\(algorithm.rawValue)", "response=\"\(response)\"", "qop=auth", "nc=\(counted)",
            "cnonce=\"\(clientNonce)\"",
        ]
        let rest = [challenge.opaque.map { "opaque=\(Self.quoted($0))" }, challenge.hidesUser ? "userhash=true" : nil]
        return "Digest " + (parts + rest.compactMap(\.self)).joined(separator: ", ")
    }

    /// Whether what the server says of itself (RFC 7616, section 3.5) is what only somebody who has the password can say.
    func proves(_ proof: String) -> Bool {
        let algorithm = challenge.algorithm
        let request = algorithm.hash(Array(":\(target)".utf8), hashes)
        let expected = algorithm.hash(
            Array("\(lastSecret):\(nonce):\(counted()):\(clientNonce):auth:\(request)".utf8),
            hashes
        )
        return proof.lowercased() == expected
    }

    /// H(A1).
    private func secret() -> String {
        var bytes = Array("\(credential.user):\(challenge.realm):".utf8) + credential.password()
        defer { for index in bytes.indices { bytes[index] = 0 } }
        let plain = challenge.algorithm.hash(bytes, hashes)
        guard challenge.algorithm.isSession else { return plain }
        return challenge.algorithm.hash(Array("\(plain):\(challenge.nonce):\(clientNonce)".utf8), hashes)
    }

    private func counted() -> String {
        let text = String(count, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    private func user() -> String {
        if challenge.hidesUser {
            let bytes = Array("\(credential.user):\(challenge.realm)".utf8)
            return "username=\"\(challenge.algorithm.hash(bytes, hashes))\""
        }
        guard credential.user.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            // RFC 8187: what a quoted text cannot carry.
            return "username*=UTF-8''\(Self.percentEncoded(credential.user))"
        }
        return "username=\(Self.quoted(credential.user))"
    }

    private static func quoted(_ text: String) -> String {
        let bytes = text.utf8.flatMap { byte in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let plain = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let bytes = text.utf8.flatMap { byte in
            plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
