/// Everything that configures a run's SSH connections: -Options first, then the user's file, then the system's.
struct SSHConfiguration: Sendable {
    var options: [SSHConfigLine]
    private let files: [SSHConfigFile]

    init(options: [SSHConfigLine], files: [SSHConfigFile]) {
        self.options = options
        self.files = files
    }

    /// Who the configuration is evaluated for.
    struct Query: Sendable {
        /// As the user named it.
        var host: String
        let user: String?
        let port: UInt16?
        let localUser: String
        /// Whether the host is on the way only: -Options that route to the target are not for it.
        var isJumpHost = false
    }

    private static let routing: Set<String> = [
        "bindaddress", "hostkeyalias", "hostname", "port", "proxycommand", "proxyjump", "user",
    ]

    /// The values that hold for a host. As in OpenSSH the first one found of each keyword counts, and all of IdentityFile,
    /// CertificateFile and SendEnv. Where a file has a `Match final`, all are read a second time (ssh.c, main).
    func values(for query: Query) -> SSHConfigValues {
        var query = query
        query.host = spelling(of: query.host)
        var values = SSHConfigValues()
        if let user = query.user { values.set("user", [user], place: "the target") }
        if let port = query.port { values.set("port", [String(port)], place: "the target") }
        for line in options where !(query.isJumpHost && Self.routing.contains(line.keyword)) { values.take(line) }
        read(query, isFinal: false, &values)
        if files.contains(where: \.asksForSecondPass) {
            // The name stands by then.
            values.set("hostname", [query.host.lowercasedBeforeZone], place: "the target")
            read(query, isFinal: true, &values)
        }
        return values
    }

    /// The patterns of all Host lines, in their order.
    var hostPatterns: [HostPattern] { files.flatMap { Self.hostPatterns($0.nodes) } }

    /// The hosts that Host lines name without a pattern, in their order.
    var outrightNames: [String] {
        hostPatterns.filter { !$0.isNegated && !$0.text.contains { "*?".contains($0) } }.map(\.text)
    }

    private static func hostPatterns(_ nodes: [SSHConfigFile.Node]) -> [HostPattern] {
        nodes.flatMap { node -> [HostPattern] in
            switch node {
            case .line, .match: []
            case .host(let patterns): patterns
            case .include(let included): hostPatterns(included)
            }
        }
    }

    /// Whether HostName stands somewhere.
    var setsHostName: Bool {
        options.contains { $0.keyword == "hostname" } || files.contains { Self.setsHostName($0.nodes) }
    }

    private static func setsHostName(_ nodes: [SSHConfigFile.Node]) -> Bool {
        nodes.contains { node in
            switch node {
            case .line(let line): line.keyword == "hostname"
            case .host, .match: false
            case .include(let included): setsHostName(included)
            }
        }
    }

    /// A host as the files are asked for it: as it was typed, as by ssh, unless they name it in lower case alone, which is how
    /// psrun shows it: a fleet's list in capitals means the same hosts.
    private func spelling(of host: String) -> String {
        let lowered = host.lowercased()
        guard lowered != host, !files.contains(where: { Self.names(host, in: $0.nodes) }) else { return host }
        return files.contains { Self.names(lowered, in: $0.nodes) } ? lowered : host
    }

    /// Whether a Host line, or a Match line by the original host, is about this host and not about just any.
    private static func names(_ host: String, in nodes: [SSHConfigFile.Node]) -> Bool {
        nodes.contains { node in
            switch node {
            case .line: false
            case .host(let patterns): patterns.name(host)
            case .match(let criteria, _):
                criteria.contains {
                    if case .originalHost(let patterns) = $0.test { patterns.name(host) } else { false }
                }
            case .include(let included): names(host, in: included)
            }
        }
    }

    private func read(_ query: Query, isFinal: Bool, _ values: inout SSHConfigValues) {
        for file in files {
            var isActive = true
            evaluate(file.nodes, query, isFinal: isFinal, &values, isActive: &isActive)
        }
    }

    private func evaluate(
        _ nodes: [SSHConfigFile.Node],
        _ query: Query,
        isFinal: Bool,
        _ values: inout SSHConfigValues,
        isActive: inout Bool
    ) {
        let isParentActive = isActive
        for node in nodes {
            switch node {
            case .line(let line):
                if isActive { values.take(line) }
            case .host(let patterns):
                // In the second reading Host means the name that is connected to.
                let name = isFinal ? values.first("hostname")?.replacingTokens(["h": query.host]) : nil
                isActive = isParentActive && patterns.matches(name ?? query.host)
            case .match(let criteria, let place):
                isActive = isParentActive && holds(criteria, query, isFinal: isFinal, &values, place: place)
            case .include(let included):
                // What a block includes is the block's; its own blocks end with its file.
                var isIncludedActive = isActive
                evaluate(included, query, isFinal: isFinal, &values, isActive: &isIncludedActive)
            }
        }
    }

    /// Whether all tests of a Match line hold. One that psrun does not ask makes them fail, which is said where nothing
    /// else does.
    private func holds(
        _ criteria: [MatchCriterion],
        _ query: Query,
        isFinal: Bool,
        _ values: inout SSHConfigValues,
        place: String
    ) -> Bool {
        var unasked: String?
        for criterion in criteria {
            if case .unsupported(let name) = criterion.test {
                unasked = unasked ?? name
            } else if holds(criterion.test, query, isFinal: isFinal, values) == criterion.isNegated {
                return false
            }
        }
        guard let unasked else { return true }
        values.note("\(place): `Match \(unasked)` is not supported: the block is left out.")
        return false
    }

    private func holds(
        _ test: MatchCriterion.Test,
        _ query: Query,
        isFinal: Bool,
        _ values: SSHConfigValues
    ) -> Bool {
        switch test {
        case .all: true
        case .final, .canonical: isFinal
        case .host(let patterns):
            patterns.matches(values.first("hostname")?.replacingTokens(["h": query.host]) ?? query.host)
        case .originalHost(let patterns): patterns.matches(query.host)
        case .user(let patterns): patterns.matches(values.first("user") ?? query.localUser)
        case .localUser(let patterns): patterns.matches(query.localUser)
        case .unsupported, .nothing: false
        }
    }
}
