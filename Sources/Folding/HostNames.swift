import ConsoleText

/// What one target calls itself: where its output has one of these names, another target's has its own, and they are
/// compared as if they were the same.
///
/// ASCII letters count in either case. A name counts where it stands by itself: not as a part of a longer word or number.
package struct HostNames: Sendable, Hashable {
    /// In small letters, each once, the longest first.
    private var names: [[UInt8]] = []
    /// The first bytes of the names, in small letters.
    private var firsts: [UInt8] = []

    /// - Parameter given: names as users and settings write them: `op@web01.example.org:2222`, `10.0.0.5`, `[fe80::1]:22`.
    ///   Each stands for its host, and for the host's short name.
    package init(_ given: some Sequence<String>) {
        for name in given { add(name) }
    }

    /// Adds what a prompt calls its host: the word behind an `@`, as in `op@web01:~$ `.
    package mutating func add(prompt: String) {
        let bytes = Array(TerminalText.withoutColors(prompt).utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            let name = bytes[(index + 1)...].prefix { Self.isWord($0) || $0 == 0x2D || $0 == 0x2E }
            add(String(decoding: name, as: UTF8.self))
        }
    }

    private mutating func add(_ given: String) {
        let host = Self.host(in: given)
        let isAddress = host.utf8.allSatisfy { Self.isDigit($0) || $0 == 0x2E } || host.utf8.contains(0x3A)
        insert(host)
        guard !isAddress, let dot = host.firstIndex(of: ".") else { return }
        let short = host[..<dot]
        // Alone, a number is more likely to be another number.
        if !short.utf8.allSatisfy(Self.isDigit) { insert(String(short)) }
    }

    private mutating func insert(_ name: String) {
        let bytes = name.utf8.map(Self.lowered)
        guard let first = bytes.first, !names.contains(bytes), bytes.count <= Self.longest else { return }
        names.append(bytes)
        names.sort { $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count }
        if !firsts.contains(first) { firsts.append(first) }
    }

    /// In bytes: a host name has 253 at most (RFC 1035), an address with a zone fewer.
    private static let longest = 512

    /// The host of `user@host:port`, without an IPv6 address's brackets.
    private static func host(in given: String) -> String {
        let host = given.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if host.first == "[", let end = host.firstIndex(of: "]") { return String(host.dropFirst()[..<end]) }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : String(host)
    }

    // MARK: In a text

    /// The first place, at `start` or behind it, where a name may stand.
    func candidate(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        switch firsts.count {
        case 0: nil
        case 1, 2: text.firstOffset(of: firsts[0], or: firsts[firsts.count - 1], inEitherCaseFrom: start)
        default: text.indices.dropFirst(start).first { firsts.contains(Self.lowered(text[$0])) }
        }
    }

    /// The length of a name that stands at `start`, the longest first; nil for none.
    /// - Parameter start: where the byte before is not a part of a word.
    func length(at start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        for name in names where start + name.count <= text.count {
            guard name.indices.allSatisfy({ Self.lowered(text[start + $0]) == name[$0] }) else { continue }
            if Self.ends(at: start + name.count, in: text) { return name.count }
        }
        return nil
    }

    /// Whether a name may end here: no word goes on, and no number of an address.
    private static func ends(at end: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard end < text.count else { return true }
        guard !isWord(text[end]) else { return false }
        let isPoint = text[end] == 0x2E && isDigit(text[end - 1])
        return !isPoint || end + 1 >= text.count || !isDigit(text[end + 1])
    }

    /// Letters and digits; what is not ASCII belongs to a word.
    static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
