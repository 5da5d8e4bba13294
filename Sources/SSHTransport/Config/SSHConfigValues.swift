/// What a configuration says for one host, not expanded yet.
struct SSHConfigValues: Sendable {
    private(set) var words: [String: [[String]]] = [:]
    private(set) var places: [String: String] = [:]
    /// The rest of the line that set a keyword, as it stands.
    private var rests: [String: String] = [:]
    /// What a user should know of how these came about, a sentence each.
    private(set) var notes: [String] = []

    private static let repeated: Set<String> = ["identityfile", "certificatefile", "sendenv"]

    /// Takes a line, unless its keyword has a value already.
    mutating func take(_ line: SSHConfigLine) {
        // Whichever of the two comes first shuts the other out.
        if line.keyword == "proxyjump", words["proxycommand"] != nil { return }
        if line.keyword == "proxycommand", words["proxyjump"] != nil { return }
        if rests[line.keyword] == nil { rests[line.keyword] = line.rest }
        set(line.keyword, line.words, place: line.place)
    }

    mutating func set(_ keyword: String, _ values: [String], place: String) {
        if Self.repeated.contains(keyword) {
            if words[keyword]?.contains(values) != true { words[keyword, default: []].append(values) }
        } else if words[keyword] == nil {
            words[keyword] = [values]
        }
        places[keyword] = places[keyword] ?? place
    }

    mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    func first(_ keyword: String) -> String? { words[keyword]?.first?.first }
    func all(_ keyword: String) -> [String]? { words[keyword]?.first }
    func every(_ keyword: String) -> [String]? { words[keyword]?.compactMap(\.first) }
    /// Every word of every line, of a keyword that adds up.
    func flattened(_ keyword: String) -> [String] { words[keyword]?.flatMap(\.self) ?? [] }
    /// A command: what follows the keyword, quotes and all.
    func command(_ keyword: String) -> String? { rests[keyword] }
    /// The same up to a `#`, as ProxyJump is read (readconf.c, parse_jump).
    func jumpList(_ keyword: String) -> String? {
        guard let rest = rests[keyword] else { return nil }
        var list = rest.prefix { $0 != "#" }
        while let last = list.last, last == " " || last == "\t" { list.removeLast() }
        return String(list)
    }
    func place(_ keyword: String) -> String { places[keyword] ?? "" }
}

extension String {
    /// Replaces `%x` tokens; `%%` is a percent sign, and an unknown token stays as it is.
    func replacingTokens(_ tokens: [Character: String]) -> String {
        var result = ""
        var characters = makeIterator()
        while let character = characters.next() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            switch characters.next() {
            case "%"?: result.append("%")
            case let token?: result += tokens[token] ?? "%\(token)"
            case nil: result.append("%")
            }
        }
        return result
    }
}
