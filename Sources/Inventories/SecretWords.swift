/// Words that stand before a secret, and texts that have one behind such a word.
package enum SecretWords {
    package static let mask = "********"

    /// Parts of names, in small letters: `DB_PASSWORD`, `authToken`.
    package static let all = [
        "passphrase", "passwd", "password", "pass", "pwd", "secret", "token", "credential", "vault", "psk", "api_key",
        "apikey", "api-key", "access_key", "private_key", "ssl_key", "authorization",
    ]

    package static func isIn(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return all.contains { name.contains($0) }
    }

    /// What a program said, without the values of `PASSWORD=…`, `"token": "…"`, `--password …`, of headers such as
    /// `Authorization: …`, and of URLs with a password. Where it is not plain how long a value is, the rest is left out.
    package static func masked(_ text: String) -> String {
        var kept: [Substring] = []
        var isBehindOption = false
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if isBehindOption, !word.isEmpty {
                kept.append(Substring(mask))
                isBehindOption = false
                continue
            }
            guard let (name, value) = assignment(word) else {
                isBehindOption = word.hasPrefix("-") && isIn(word)
                kept.append(isURLWithPassword(word) ? Substring(mask) : word)
                continue
            }
            kept.append(name + mask)
            // A quoted value may have blanks, and one behind a blank any number of words.
            guard !value.isEmpty, value.first != "\"", value.first != "'" else { break }
        }
        return kept.joined(separator: " ")
    }

    /// `NAME=` or `NAME:`, and what follows; nil where the name is not a secret's.
    private static func assignment(_ word: Substring) -> (name: Substring, value: Substring)? {
        var rest = word
        while let sign = rest.firstIndex(where: { $0 == "=" || $0 == ":" }) {
            let value = word[word.index(after: sign)...]
            if isIn(word[..<sign]), !value.hasPrefix("//") { return (word[...sign], value) }
            rest = value
        }
        return nil
    }

    private static func isURLWithPassword(_ word: Substring) -> Bool {
        guard let scheme = word.firstRange(of: "://") else { return false }
        let authority = word[scheme.upperBound...].prefix { $0 != "/" }
        return authority.lastIndex(of: "@").map { authority[..<$0].contains(":") } ?? false
    }
}
