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

    /// Splits as OpenSSH's argv_split does: blanks, both quotes, backslashes, and `#` where a word would begin.
    private static func split(_ text: some StringProtocol) throws(OpenQuote) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        var pending: Character?
        while let character = pending ?? characters.next() {
            pending = nil
            switch character {
            case "\\":
                guard let next = characters.next() else {
                    word = (word ?? "") + "\\"
                    break
                }
                if next == "\"" || next == "'" || next == "\\" || (quote == nil && next == " ") {
                    word = (word ?? "") + String(next)
                } else {
                    word = (word ?? "") + "\\"
                    pending = next
                }
            case "\"", "'":
                if quote == character {
                    quote = nil
                } else if quote == nil {
                    quote = character
                    word = word ?? ""
                } else {
                    word = (word ?? "") + String(character)
                }
            case "#" where quote == nil && word == nil:
                return words
            case _ where quote == nil && isBlank(character):
                if let finished = word { words.append(finished) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw OpenQuote() }
        if let word { words.append(word) }
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
