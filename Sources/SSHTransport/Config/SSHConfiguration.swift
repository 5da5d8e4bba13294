/// Everything that configures a run's SSH connections: -Options first, then the user's file, then the system's.
struct SSHConfiguration: Sendable {
    private let options: [SSHConfigLine]
    private let files: [SSHConfigFile]

    init(options: [SSHConfigLine], files: [SSHConfigFile]) {
        self.options = options
        self.files = files
    }

    /// Who the configuration is evaluated for.
    struct Query: Sendable {
        /// As the user named it.
        let host: String
        let user: String?
        let port: UInt16?
        let localUser: String
        /// Whether the host is on the way only: -Options that route to the target are not for it.
        var isJumpHost = false
    }

    private static let routing: Set<String> = [
        "bindaddress", "hostkeyalias", "hostname", "port", "proxycommand", "proxyjump", "user",
    ]

    /// The values that hold for a host. As in OpenSSH the first one found of each keyword counts, and all of IdentityFile
    /// and CertificateFile.
    func values(for query: Query) -> SSHConfigValues {
        var values = SSHConfigValues()
        if let user = query.user { values.set("user", [user], place: "the target") }
        if let port = query.port { values.set("port", [String(port)], place: "the target") }
        for line in options where !(query.isJumpHost && Self.routing.contains(line.keyword)) { values.take(line) }
        for file in files {
            var isActive = true
            evaluate(file.nodes, query, &values, isActive: &isActive)
        }
        return values
    }

    private func evaluate(
        _ nodes: [SSHConfigFile.Node],
        _ query: Query,
        _ values: inout SSHConfigValues,
        isActive: inout Bool
    ) {
        let isParentActive = isActive
        for node in nodes {
            switch node {
            case .line(let line):
                if isActive { values.take(line) }
            case .host(let patterns):
                isActive = isParentActive && patterns.matches(query.host)
            case .match(let criteria):
                isActive = isParentActive && criteria.allSatisfy { holds($0, query, values) }
            case .include(let included):
                // What a block includes is the block's; its own blocks end with its file.
                var isIncludedActive = isActive
                evaluate(included, query, &values, isActive: &isIncludedActive)
            }
        }
    }

    private func holds(_ criterion: SSHConfigFile.MatchCriterion, _ query: Query, _ values: SSHConfigValues) -> Bool {
        let subject: String
        switch criterion.name {
        case "host": subject = values.first("hostname")?.replacingTokens(["h": query.host]) ?? query.host
        case "originalhost": subject = query.host
        case "user": subject = values.first("user") ?? query.localUser
        case "localuser": subject = query.localUser
        default: return !criterion.isNegated
        }
        let patterns = criterion.argument.split(separator: ",").map(HostPattern.init)
        return patterns.matches(subject) != criterion.isNegated
    }
}

/// What a configuration says for one host, not expanded yet.
struct SSHConfigValues: Sendable {
    private(set) var words: [String: [[String]]] = [:]
    private(set) var places: [String: String] = [:]

    private static let repeated: Set<String> = ["identityfile", "certificatefile"]

    /// Takes a line, unless its keyword has a value already.
    mutating func take(_ line: SSHConfigLine) {
        // Whichever of the two comes first shuts the other out.
        if line.keyword == "proxyjump", words["proxycommand"] != nil { return }
        if line.keyword == "proxycommand", words["proxyjump"] != nil { return }
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

    func first(_ keyword: String) -> String? { words[keyword]?.first?.first }
    func all(_ keyword: String) -> [String]? { words[keyword]?.first }
    func every(_ keyword: String) -> [String]? { words[keyword]?.compactMap(\.first) }
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
