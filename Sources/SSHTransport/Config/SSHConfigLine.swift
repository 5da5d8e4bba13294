/// One directive of an ssh_config file or of -Options: a keyword and its words (ssh_config(5)).
struct SSHConfigLine: Sendable, Hashable {
    /// In lower case, older names replaced by today's.
    let keyword: String
    let words: [String]
    /// Where it stands, for a message: `file:line`, or the option as given.
    let place: String

    struct Malformed: Error {
        let reason: String
    }

    /// Reads a line; nil for a blank one or a comment.
    init?(_ text: some StringProtocol, place: String) throws(Malformed) {
        let trimmed = text.drop { $0.isWhitespace }
        guard let first = trimmed.first, first != "#" else { return nil }
        let name = trimmed.prefix { !$0.isWhitespace && $0 != "=" }
        var rest = trimmed[name.endIndex...].drop { $0.isWhitespace }
        if rest.first == "=" { rest = rest.dropFirst() }
        let lowered = name.lowercased()
        keyword = Self.aliases[lowered] ?? lowered
        words = try Self.split(rest)
        self.place = place
        guard !words.isEmpty else { throw Malformed(reason: "\(name) has no value") }
    }

    /// Splits as OpenSSH's argv_split does: blanks, both quotes, backslashes, and `#` where a word would begin.
    private static func split(_ text: some StringProtocol) throws(Malformed) -> [String] {
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
            case _ where character.isWhitespace && quote == nil:
                if let finished = word { words.append(finished) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw Malformed(reason: "a quote is not closed") }
        if let word { words.append(word) }
        return words
    }

    private static let aliases = [
        "challengeresponseauthentication": "kbdinteractiveauthentication",
        "skeyauthentication": "kbdinteractiveauthentication",
        "tisauthentication": "kbdinteractiveauthentication",
        "identityfile2": "identityfile",
        "userknownhostsfile2": "userknownhostsfile",
        "globalknownhostsfile2": "globalknownhostsfile",
        "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
        "dsaauthentication": "pubkeyauthentication",
    ]
}
