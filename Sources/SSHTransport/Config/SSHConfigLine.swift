/// One directive of an ssh_config file or of -Options: a keyword and its words (ssh_config(5)).
struct SSHConfigLine: Sendable, Hashable {
    /// In lower case, older names replaced by today's.
    let keyword: String
    let words: [String]
    /// All that follows the keyword, as it stands, without the blanks at its end: what a command line is (readconf.c,
    /// parse_command).
    let rest: String
    /// Where it stands, for a message: `file:line`, or the option as given.
    let place: String

    struct Malformed: Error {
        /// As `keyword` of the line.
        let keyword: String
        let reason: String
    }

    /// Reads a line; nil for a blank one or a comment.
    init?(_ text: some StringProtocol, place: String) throws(Malformed) {
        let trimmed = text.drop(while: Self.isBlank)
        guard let first = trimmed.first, first != "#" else { return nil }
        let (name, behind) = Self.splitKeyword(trimmed)
        var rest = behind.drop(while: Self.isBlank)
        if rest.first == "=" { rest = rest.dropFirst().drop(while: Self.isBlank) }
        while let last = rest.last, Self.isBlank(last) || last == "\u{0C}" { rest = rest.dropLast() }
        let lowered = name.lowercased()
        keyword = Self.aliases[lowered] ?? lowered
        do {
            words = try Self.split(rest)
        } catch {
            throw Malformed(keyword: keyword, reason: "a quote is not closed")
        }
        self.rest = String(rest)
        self.place = place
        guard !words.isEmpty else { throw Malformed(keyword: keyword, reason: "\(name) has no value") }
    }

    /// The keyword, which may stand in quotes, and what stands behind it.
    private static func splitKeyword<Text: StringProtocol>(
        _ text: Text
    ) -> (name: String, behind: Text.SubSequence) where Text.SubSequence == Text {
        if text.first == "\"", let end = text.dropFirst().firstIndex(of: "\"") {
            return (String(text.dropFirst()[..<end]), text[text.index(after: end)...])
        }
        let name = text.prefix { !isBlank($0) && $0 != "=" }
        return (String(name), text[name.endIndex...])
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\r" || character == "\n" || character == "\r\n"
    }

    private struct OpenQuote: Error {}

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    /// Splits as OpenSSH's argv_split does: blanks, both quotes, backslashes, and `#` where a word would begin. It reads bytes,
    /// and so does this.
    private static func split(_ text: some StringProtocol) throws(OpenQuote) -> [String] {
        let (backslash, space) = (UInt8(ascii: "\\"), UInt8(ascii: " "))
        let quotes: Set = [UInt8(ascii: "\""), UInt8(ascii: "'")]
        var words: [String] = []
        var word: [UInt8] = []
        var isInWord = false
        var quote: UInt8?
        var bytes = text.utf8.makeIterator()
        var pending: UInt8?
        while let byte = pending ?? bytes.next() {
            pending = nil
            if byte == backslash {
                isInWord = true
                let next = bytes.next()
                if let next, quotes.contains(next) || next == backslash || quote == nil && next == space {
                    word.append(next)
                } else {
                    word.append(backslash)
                    pending = next
                }
            } else if quotes.contains(byte), quote == nil || quote == byte {
                quote = quote == nil ? byte : nil
                isInWord = true
            } else if byte == UInt8(ascii: "#"), quote == nil, !isInWord {
                return words
            } else if quote == nil, isBlank(byte) {
                if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
                word = []
                isInWord = false
            } else {
                word.append(byte)
                isInWord = true
            }
        }
        guard quote == nil else { throw OpenQuote() }
        if isInWord { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }

    private static let aliases = [
        "challengeresponseauthentication": "kbdinteractiveauthentication",
        "skeyauthentication": "kbdinteractiveauthentication",
        "tisauthentication": "kbdinteractiveauthentication",
        "identityfile2": "identityfile",
        "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
        "dsaauthentication": "pubkeyauthentication",
    ]
}
