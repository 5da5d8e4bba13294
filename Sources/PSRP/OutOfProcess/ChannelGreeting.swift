import CLIXML

/// What client and endpoint say before a session on a stream that outlives its clients, as a virtual machine's serial port
/// does. Whatever an earlier client has left there, in either direction, is before it, and belongs to nobody.
///
///     client    NUL psrun-channel 1 NONCE LF
///     endpoint  NUL psrun-channel 1 NONCE USER LF
///
/// No element of out-of-process framing has a NUL in it, so that a greeting is known wherever it comes. A client that says
/// none is served as well, once the one before it has hung up.
package struct ChannelGreeting: Sendable, Hashable {
    /// 32 hexadecimal digits, the client's own choice: an answer to an earlier client has others.
    package let nonce: String
    /// Who the endpoint runs as; nil in a client's.
    package let user: String?

    package init(nonce: String, user: String? = nil) {
        self.nonce = nonce
        self.user = user
    }

    /// A client's, with these 128 bits.
    package init(random high: UInt64, _ low: UInt64) {
        nonce = [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        user = nil
    }

    private static let lead = "psrun-channel 1 "

    package var bytes: [UInt8] {
        [0] + Array("\(Self.lead)\(nonce)\(user.map { " \($0)" } ?? "")\n".utf8)
    }

    /// - Parameter line: what stands between the NUL and the line's end.
    /// - Returns: nil for what is not a greeting.
    init?(line: some Sequence<UInt8>) {
        let text = String(decoding: Array(line), as: UTF8.self)
        guard text.hasPrefix(Self.lead) else { return nil }
        let words = text.dropFirst(Self.lead.count).split(separator: " ", omittingEmptySubsequences: false)
        guard let nonce = words.first, nonce.utf8.count == 32, nonce.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            words.count < 3, words.last?.isEmpty == false
        else { return nil }
        self.nonce = String(nonce)
        user = words.count == 2 ? String(words[1]) : nil
    }
}

/// Finds the greetings in what comes over such a stream.
package struct ChannelReader: Sendable {
    package enum Piece: Sendable, Hashable {
        /// Whatever is not a greeting.
        case bytes([UInt8])
        case greeting(ChannelGreeting)
    }

    /// Bytes of a greeting at most, its NUL and its line's end among them.
    package static let longestGreeting = 512

    /// What came since a NUL, that byte aside, as long as its line has not ended.
    private var line: [UInt8]?

    package init() {}

    /// Takes bytes, cut anywhere.
    package mutating func receive(_ bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let begun = line else {
                let end = rest.place(of: 0) ?? rest.endIndex
                if end > rest.startIndex { pieces.append(.bytes(Array(rest[..<end]))) }
                if end < rest.endIndex { line = [] }
                rest = rest[end...].dropFirst()
                continue
            }
            // A further NUL begins anew: what was begun before it is not whole.
            let end = rest.firstIndex { $0 == 0 || $0 == UInt8(ascii: "\n") }
            let whole = begun + rest[..<(end ?? rest.endIndex)]
            rest = rest[(end ?? rest.endIndex)...]
            let fits = whole.count + 2 <= Self.longestGreeting
            if fits, rest.first == UInt8(ascii: "\n"), let greeting = ChannelGreeting(line: whole) {
                line = nil
                pieces.append(.greeting(greeting))
                rest = rest.dropFirst()
            } else if end != nil || !fits {
                line = nil
                pieces.append(.bytes([0] + whole))
            } else {
                line = whole
            }
        }
        return pieces
    }

    /// What may be the beginning of a greeting, and is none where no greeting can come any more.
    package var begun: [UInt8] { line.map { [0] + $0 } ?? [] }

    /// Forgets what is begun: whoever began it has hung up.
    package mutating func reset() { line = nil }
}
