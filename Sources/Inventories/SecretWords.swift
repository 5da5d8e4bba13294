/// Words that stand before a secret, and texts that have one behind such a word.
package enum SecretWords {
    package static let mask = "********"

    /// Parts of names, in small letters: `DB_PASSWORD`, `authToken`.
    package static let all = [
        "passphrase", "passwd", "password", "pass", "pwd", "secret", "token", "credential", "vault", "psk", "api_key",
        "apikey", "api-key", "access_key", "private_key", "ssl_key", "authorization", "cookie", "bindpw", "rootpw",
    ]

    package static func isIn(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return all.contains { name.contains($0) }
    }

    /// What a program said, without the values of `PASSWORD=…`, `"token": "…"`, `--password …`, of headers such as
    /// `Authorization: …`, of URLs with a password, and without what looks like a token. Where it is not plain how long a
    /// value is, the rest is left out. What only speaks of secrets (`NoCredentialsError: …`, `vault_pass: Permission denied`)
    /// stays: it is the reason why the program failed.
    package static func masked(_ text: String) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var kept: [Substring] = []
        var before = Before()
        for (index, word) in words.enumerated() {
            if word.isEmpty {
                kept.append(word)
                continue
            }
            if before.announces(word) || SecretShape.isIn(word) {
                kept.append(Substring(mask))
                before.note(word)
                continue
            }
            let next = index + 1 < words.count ? words[index + 1] : ""
            guard let (name, value) = assignment(word, behind: before.word, next: next) else {
                kept.append(before.holdsShortOption(word) ? Substring(mask) : word)
                before.note(word)
                continue
            }
            kept.append(name + mask)
            // A quoted value may have blanks, and one behind a blank any number of words.
            guard !value.isEmpty, value.first != "\"", value.first != "'" else { break }
            before.note(word)
        }
        return kept.joined(separator: " ")
    }

    /// `NAME=` or `NAME:`, and what follows; nil where the name is not a secret's.
    private static func assignment(
        _ word: Substring,
        behind last: Substring,
        next: Substring
    ) -> (name: Substring, value: Substring)? {
        var start = word.startIndex
        while let sign = word[start...].firstIndex(where: { $0 == "=" || $0 == ":" }) {
            start = word.index(after: sign)
            let (name, isPath) = name(before: sign, in: word)
            let value = word[start...]
            guard isIn(name), !name.lowercased().hasSuffix("file"), !value.hasPrefix("//") else { continue }
            if word[sign] == ":", isProse(name, isPath: isPath, value, behind: last, next: next) { continue }
            return (word[..<start], value)
        }
        return nil
    }

    /// The name that ends at a sign, quotes aside, and whether it is the end of a path.
    private static func name(before sign: Substring.Index, in word: Substring) -> (Substring, isPath: Bool) {
        var rest = word[..<sign]
        while let last = rest.last, "\"'`])".contains(last) { rest.removeLast() }
        let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        let name = rest.suffix(from: rest.lastIndex { !isPart($0) }.map { rest.index(after: $0) } ?? rest.startIndex)
        let before = rest[..<name.startIndex].last
        return (name, before == "/")
    }

    /// Whether a colon only parts what is spoken of from what is said of it.
    private static func isProse(
        _ name: Substring,
        isPath: Bool,
        _ value: Substring,
        behind last: Substring,
        next: Substring
    ) -> Bool {
        let name = name.lowercased()
        if ["error", "exception", "warning", "failure"].contains(where: name.hasSuffix) { return true }
        if isPath, value.first?.isNumber ?? true { return true }
        guard value.isEmpty else { return false }
        return ["credentials", "secrets", "vault"].contains(name) || last.lowercased() == "unexpected"
            || next.hasPrefix("YES)") || next.hasPrefix("NO)")
    }
}

extension SecretWords {
    /// What came before a word, as far as it tells that a secret follows.
    private struct Before {
        private(set) var word: Substring = ""
        /// Of programs that take a password by `-p`, whose was named last.
        private var program: String?

        /// Quotes, brackets and commas aside, as a list of arguments is printed.
        private static func plain(_ word: Substring) -> Substring {
            let isAround: (Character) -> Bool = { "\"'`[](),".contains($0) }
            var rest = word.drop(while: isAround)
            while let last = rest.last, isAround(last) { rest.removeLast() }
            return rest
        }

        mutating func note(_ word: Substring) {
            let plain = Self.plain(word)
            let name = plain.split(separator: "/").last.map(String.init) ?? ""
            if ["sshpass", "mysql", "mariadb", "mysqldump", "mysqladmin"].contains(name) { program = name }
            // What it runs has a -p of its own.
            if program == "sshpass", self.word == "-p" { program = nil }
            self.word = plain
        }

        /// Whether a word is what the one before it announces.
        func announces(_ next: Substring) -> Bool {
            if word.hasPrefix("-"), !word.contains("="), SecretWords.isIn(word), !word.lowercased().hasSuffix("file") {
                return true
            }
            switch word.lowercased() {
            case "-p": return program == "sshpass"
            case "-u", "--user": return next.contains(":") && !next.contains("://")
            case "bearer", "basic": return next.count >= 16
            default: return false
            }
        }

        /// Whether a word is `-p` with the password behind it.
        func holdsShortOption(_ word: Substring) -> Bool {
            let plain = Self.plain(word)
            return program != nil && plain.hasPrefix("-p") && plain.count > 2
        }
    }
}
