/// What `-w` and `-x` select together.
package enum NodeSelection {
    /// Unites the node sets of `-w`, and takes those of `-x` away, as clush does: their order does not matter.
    ///
    /// - Parameters:
    ///   - included: arguments of `-w`.
    ///   - excluded: arguments of `-x`. They may be blank, and need not be selected.
    /// - Returns: at least one node.
    /// - Throws: `empty` where `-w` is blank, or nothing is left; `halfExcluded` where `-x` names a host that is selected
    ///   with another way to reach it; what `NodeSetReader.read` throws.
    package static func nodes(
        included: [String],
        excluded: [String],
        reader: inout NodeSetReader
    ) throws(NodeSetError) -> NodeSet {
        try selection(included: included, excluded: excluded, reader: &reader).left
    }

    /// The same, with what it was before `-x`.
    package static func selection(
        included: [String],
        excluded: [String],
        reader: inout NodeSetReader
    ) throws(NodeSetError) -> (left: NodeSet, whole: NodeSet) {
        let wanted = try union(of: included, named: "-w", mayBeBlank: false, reader: &reader)
        let unwanted = try union(of: excluded, named: "-x", mayBeBlank: true, reader: &reader)
        if let name = wanted.nameWrittenTwice(with: unwanted) {
            throw NodeSetError(
                .writtenTwice,
                "-x: \(quoted(name)) is written with a negative number in brackets in one place, and with a dash in the other."
            )
        }
        var left = wanted
        left.subtract(unwanted)
        try HalfExclusion(unwanted).check(left)
        guard !left.isEmpty else {
            throw NodeSetError(
                .empty,
                wanted.isEmpty
                    ? "-w names no host: its groups are empty."
                    : "-x takes all \(wanted.count) hosts of -w away: \(shortened(wanted.folded))."
            )
        }
        return (left, wanted)
    }

    private static func union(
        of arguments: [String],
        named option: String,
        mayBeBlank: Bool,
        reader: inout NodeSetReader
    ) throws(NodeSetError) -> NodeSet {
        var all = NodeSet()
        for argument in arguments {
            guard mayBeBlank || !argument.utf8.allSatisfy(isBlank) else {
                throw NodeSetError(.empty, "\(option) is blank and names no host; leave it out, or name hosts.")
            }
            let nodes: NodeSet
            do throws(NodeSetError) {
                nodes = try reader.read(argument)
            } catch {
                throw error.within(option)
            }
            if let name = all.nameWrittenTwice(with: nodes) {
                throw NodeSetError(.writtenTwice, "\(option): \(quoted(name)) is selected twice, written in two ways.")
            }
            all.formUnion(nodes)
            guard all.count <= reader.limits.hosts else {
                throw NodeSetError(.tooManyHosts, "\(option) names more than \(reader.limits.hosts) hosts.")
            }
        }
        return all
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count > 200 ? text.prefix(200) + "…" : text
    }
}

/// Hosts that are excluded under one name and selected under another: `-w bob@web[1-2]:2222 -x web2`.
private struct HalfExclusion {
    /// By host, in lower case, the names that were excluded.
    private var names: [String: [ReachedName]] = [:]

    init(_ excluded: NodeSet) {
        for name in excluded.names {
            let reached = ReachedName(name)
            names[reached.host, default: []].append(reached)
        }
    }

    func check(_ left: NodeSet) throws(NodeSetError) {
        guard !names.isEmpty else { return }
        for name in left.names {
            let reached = ReachedName(name)
            guard let half = names[reached.host]?.first(where: { $0.mayBe(reached) }) else { continue }
            throw NodeSetError(
                .halfExcluded,
                "-x \(quoted(half.text)) leaves \(quoted(name)) selected, as ClusterShell compares whole names; "
                    + "exclude \(quoted(name)), or select \(quoted(half.text))."
            )
        }
    }
}

/// A node's name taken apart: `[user@]host[:port]`.
private struct ReachedName {
    let text: String
    var host: String
    var user: Substring?
    var port: Substring?

    init(_ name: String) {
        text = name
        var rest = name[...]
        if let at = rest.firstIndex(of: "@") {
            user = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        // With more colons it is an IPv6 address.
        if let colon = rest.firstIndex(of: ":"), rest.lastIndex(of: ":") == colon {
            port = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
        }
        host = rest.lowercased()
    }

    /// Whether both stand for one way to a host, where what one of them leaves open is the same.
    func mayBe(_ other: ReachedName) -> Bool {
        (user == nil || other.user == nil || user == other.user)
            && (port == nil || other.port == nil || port == other.port)
    }
}
