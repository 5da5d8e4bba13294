/// What the terminal and the logs of this process can show, by its locale (setlocale(3)): the first of LC_ALL, LC_CTYPE and
/// LANG that is set says.
package enum OutputCharset {
    package static func isUTF8(_ environment: [String: String]) -> Bool {
        let values = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]]
        let value = values.compactMap(\.self).first { !$0.isEmpty } ?? ""
        let charset = value.split(separator: ".", maxSplits: 1).dropFirst().first?.prefix { $0 != "@" } ?? ""
        return charset.lowercased().filter { $0 != "-" } == "utf8"
    }

    private static let takesUTF8 = isUTF8(ThisProcess.environment)

    /// psrun's own words with signs that this process can show.
    package static func shown(_ words: String) -> String {
        takesUTF8 ? words : plain(words)
    }

    package static func plain(_ words: String) -> String {
        let signs: [Character: String] = ["…": "...", "→": "->", "–": "-"]
        return words.contains { signs[$0] != nil } ? words.map { signs[$0] ?? String($0) }.joined() : words
    }
}
