import Fleet
import NodeSets
import PSRunCommandLine
import SSHTransport

/// What `-x` takes away from selected targets.
///
/// A name takes away the sessions on its host: those of any user and port where it names neither, and else the one that it
/// would select. A name that takes nothing away and is near a target is refused: who wrote it meant that one.
struct HostExclusion {
    /// A name of `-x`, or of a target: `[user@]host[:port]`.
    private struct Name {
        let text: String
        /// In one spelling.
        var host: String
        var user: String?
        var port: UInt16?

        init(_ text: String) {
            self.text = text
            let parsed = try? HostName.parse(HostExclusion.bracketed(text))
            host = SSHRoutes.plain(parsed?.address ?? text)
            user = parsed?.user
            port = parsed?.port
        }
    }

    private let targets: [SelectedTarget]
    private let choices: SSHChoices
    private var isExcluded: [Bool]
    private var byName: [String: [Int]] = [:]
    private var byHost: [String: [Int]] = [:]
    private var byAddress: [String: [Int]] = [:]
    /// Read where it is first needed.
    private var routes: SSHRoutes?

    init(_ targets: [SelectedTarget], _ choices: SSHChoices) {
        self.targets = targets
        self.choices = choices
        isExcluded = targets.map { _ in false }
        for (index, target) in targets.enumerated() {
            byName[target.name, default: []].append(index)
            byHost[SSHRoutes.plain(target.target.computerName.withoutBrackets), default: []].append(index)
            byAddress[SSHRoutes.plain(target.address), default: []].append(index)
        }
    }

    /// The targets that nothing took away.
    var left: [SelectedTarget] { targets.indices.filter { !isExcluded[$0] }.map { targets[$0] } }

    /// Takes the nodes of one `-x` away.
    /// - Parameters:
    ///   - mayBeIdle: whether that it takes nothing away is no fault.
    ///   - whole: what `-w` selects, from which `-x` was taken away before.
    /// - Throws: `halfExcluded` for a name that is only near a target, and for one that takes nothing away.
    mutating func exclude(
        _ nodes: NodeSet,
        named text: String,
        mayBeIdle: Bool,
        from whole: NodeSet
    ) throws(NodeSetError) {
        var isIdle = true
        for node in nodes.names {
            let name = Name(node)
            let found = matches(of: name)
            for index in found { isExcluded[index] = true }
            let isTaken = !found.isEmpty || whole.contains(name: node)
            if let near = near(to: name, isTaken: isTaken) { throw near }
            if isTaken { isIdle = false }
        }
        guard isIdle, !mayBeIdle else { return }
        let names = targets.prefix(5).map(\.name).joined(separator: ", ") + (targets.count > 5 ? "…" : "")
        throw NodeSetError(
            .halfExcluded,
            "\(printable(text)) takes nothing away: the selected hosts are \(names). Mend the name, or leave -x out."
        )
    }

    /// The targets that a name surely means.
    private mutating func matches(of name: Name) -> [Int] {
        // An inventory may have two hosts that differ by letter case alone.
        if let exact = byName[name.text], exact.allSatisfy({ targets[$0].isOfInventory }) { return exact }
        var found = byName[name.text] ?? []
        for index in byHost[name.host] ?? [] where !found.contains(index) {
            if hasUserAndPort(index, of: name) { found.append(index) }
        }
        return found
    }

    /// Whether a target is of the user and the port that a name has. One that names only one of the two means the default
    /// of the other, as where it is connected to.
    private mutating func hasUserAndPort(_ index: Int, of name: Name) -> Bool {
        guard name.user != nil || name.port != nil else { return true }
        guard case .ssh(let place) = targets[index].target.place else { return false }
        var named = place
        named.user = name.user ?? choices.userName
        named.port = name.port ?? choices.port
        let (mine, other) = (route(to: place), route(to: named))
        return mine.machine.user == other.machine.user && mine.machine.port == other.machine.port
    }

    private mutating func route(to place: SSHTarget) -> SSHRoutes.Route {
        knownRoutes().route(to: place)
    }

    private mutating func knownRoutes() -> SSHRoutes {
        if let routes { return routes }
        let read = SSHRoutes(options: choices.forTransport)
        routes = read
        return read
    }

    /// Why a name cannot stand: it does not take a target away that it may mean.
    private mutating func near(to name: Name, isTaken: Bool) -> NodeSetError? {
        let sameAddress = (byAddress[name.host] ?? []).first { !isExcluded[$0] && targets[$0].isOfInventory }
        if let index = sameAddress, name.user == nil, name.port == nil {
            return error(name, targets[index], "which has that address")
        }
        guard !isTaken else { return nil }
        if let index = (byHost[name.host] ?? []).first ?? byAddress[name.host]?.first {
            return error(name, targets[index], "which has another user or port")
        }
        return alias(of: name).map { error(name, targets[$0], "which is the same machine to ssh_config") }
    }

    private func error(_ name: Name, _ target: SelectedTarget, _ why: String) -> NodeSetError {
        NodeSetError(
            .halfExcluded,
            "\(printable(name.text)) does not take \(printable(target.name)) away, \(why); write -x '\(printable(target.name))' "
                + "to leave that one out."
        )
    }

    /// A target that the configuration gives two names, one of which this is.
    private mutating func alias(of name: Name) -> Int? {
        let known = knownRoutes()
        guard known.mayRename else { return nil }
        let wanted = known.route(to: SSHTarget(host: name.host, port: name.port, user: name.user)).machine.host
        return targets.indices.first { index in
            guard case .ssh(let place) = targets[index].target.place, !isExcluded[index] else { return false }
            return known.route(to: place).machine.host == wanted
        }
    }

    /// An IPv6 address, which stands without brackets in node sets and inventories, in brackets; any other name as it is.
    static func bracketed(_ name: String) -> String {
        let isBare = !name.hasPrefix("[") && !name.contains("@") && name.count(where: { $0 == ":" }) > 1
        return isBare ? "[\(name)]" : name
    }
}

extension String {
    fileprivate var withoutBrackets: String { hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self }
}

extension HostSource {
    var isNodeSet: Bool {
        if case .nodes = self { true } else { false }
    }
}
