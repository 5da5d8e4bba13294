/// Reads node sets as ClusterShell does: ranges, operators from left to right, groups, wildcards.
///
/// It refuses, naming both readings, where ClusterShell's answer touches nodes that nobody named, or loses some without a
/// word: digits that touch a bracket, a group that is not there, a wildcard that adds nothing, a node that is written in two
/// ways. Answers of groups are kept: a group's command runs once.
package struct NodeSetReader {
    let limits: NodeSetLimits
    private var groups: GroupResolver
    private var known: [GroupReading: NodeSet] = [:]
    private var allNodes: [String: NodeSet] = [:]
    /// The groups that are being read, the outermost first.
    private var path: [GroupReading] = []
    /// The nodes of all terms so far, those of groups as often as they are named.
    private var effort = 0

    package init(groups: GroupResolver = GroupResolver(), limits: NodeSetLimits = NodeSetLimits()) {
        self.groups = groups
        self.limits = limits
    }

    /// Reads one argument. Lines of it are node sets of their own, and are united.
    /// - Returns: the empty set for blank text, and for groups that are there and empty.
    /// - Throws: `NodeSetError`
    package mutating func read(_ text: String) throws(NodeSetError) -> NodeSet {
        guard text.utf8.count <= limits.textBytes else {
            throw NodeSetError(.textTooLong, "the node set holds more than \(limits.textBytes) bytes.")
        }
        var all = NodeSet()
        for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            try apply(.union, try evaluate(Substring(line), in: nil, wildcards: true), to: &all)
        }
        return all
    }

    /// - Parameters:
    ///   - source: where groups without a source are looked up; nil for the default one.
    ///   - wildcards: whether `*` and `?` stand for other names.
    private mutating func evaluate(
        _ text: Substring,
        in source: String?,
        wildcards: Bool
    ) throws(NodeSetError) -> NodeSet {
        var scanner = try NodeSetScanner(text, limits)
        var result = NodeSet()
        while let term = try scanner.next() {
            let nodes: NodeSet
            if term.pattern.bytes.first == UInt8(ascii: "@") {
                nodes = try members(of: try NodeSet(term, limits), in: source, wildcards: wildcards)
            } else if wildcards, term.pattern.bytes.contains(where: Wildcard.isWild) {
                nodes = try matches(of: try NodeSet(term, limits), in: source)
                guard !nodes.isEmpty || term.operation == .difference || term.operation == .intersection else {
                    throw noMatch(term, in: source)
                }
            } else {
                nodes = try NodeSet(term, limits)
            }
            try apply(term.operation, nodes, to: &result)
        }
        return result
    }

    private mutating func apply(_ operation: Operation, _ nodes: NodeSet, to result: inout NodeSet) throws(NodeSetError)
    {
        if let name = result.nameWrittenTwice(with: nodes) {
            throw NodeSetError(
                .writtenTwice,
                "\(quoted(name)) is there with a negative number in brackets, and as a name with a dash, which are two nodes "
                    + "to ClusterShell and one host; write it in one way."
            )
        }
        result.apply(operation, nodes)
        effort += nodes.count
        guard effort <= limits.effort else {
            throw NodeSetError(.tooManyHosts, "its parts name more than \(limits.effort) hosts, one by one.")
        }
        guard result.count <= limits.hosts else { throw tooManyHosts(limits) }
    }

}

/// A group's text, and whether wildcards in it count.
private struct GroupReading: Hashable {
    let group: GroupName
    let wildcards: Bool
}

extension NodeSet {
    /// The nodes that a term names.
    init(_ term: NodeSetScanner.Term, _ limits: NodeSetLimits) throws(NodeSetError) {
        var count = 1
        for numbers in term.numbers {
            let (product, overflow) = count.multipliedReportingOverflow(by: numbers.count)
            guard !overflow, product <= limits.hosts else { throw tooManyHosts(limits) }
            count = product
        }
        var rows = Set<[NodeNumber]>(minimumCapacity: count)
        if let only = term.numbers.first, term.numbers.count == 1 {
            for number in only { rows.insert([number]) }
        } else {
            rows.formUnion(product(of: term.numbers.map(Array.init)))
        }
        self.init(term.pattern, rows, mayBeNegative: term.numbers.contains { $0.contains(where: \.isNegative) })
    }
}

func tooManyHosts(_ limits: NodeSetLimits) -> NodeSetError {
    NodeSetError(.tooManyHosts, "it names more than \(limits.hosts) hosts, the most of one selection.")
}

// MARK: Groups

extension NodeSetReader {
    /// The nodes of the groups whose names, with their `@`, a term stands for.
    private mutating func members(
        of names: NodeSet,
        in source: String?,
        wildcards: Bool
    ) throws(NodeSetError) -> NodeSet {
        var all = NodeSet()
        for name in names.names {
            let text = name.dropFirst()
            let colon = text.firstIndex(of: ":")
            let group = GroupName(
                source: colon.map { String(text[..<$0]) } ?? source,
                name: colon.map { String(text[text.index(after: $0)...]) } ?? String(text)
            )
            try apply(.union, try members(of: group, wildcards: wildcards), to: &all)
        }
        return all
    }

    private mutating func members(of group: GroupName, wildcards: Bool) throws(NodeSetError) -> NodeSet {
        let group = GroupName(source: try groups.source(group.source).name, name: group.name)
        let reading = GroupReading(group: group, wildcards: wildcards)
        if let nodes = known[reading] { return nodes }
        if let start = path.firstIndex(of: reading) {
            let circle = (path[start...] + [reading]).map(\.group.description).joined(separator: " → ")
            throw NodeSetError(.groupCycle, "groups hold each other in a circle: \(circle).")
        }
        guard path.count < limits.depth else {
            throw NodeSetError(.groupsTooDeep, "\(group): groups are nested deeper than \(limits.depth).")
        }
        let texts = try groups.nodes(of: group, limits)
        path.append(reading)
        defer { path.removeLast() }
        let nodes: NodeSet
        do throws(NodeSetError) {
            nodes = try evaluate(Substring(texts.joined(separator: ",")), in: group.source, wildcards: wildcards)
        } catch {
            throw error.within("group \(group)")
        }
        known[reading] = nodes
        return nodes
    }
}

extension NodeSetReader {
    /// The groups, of those that were read so far, which hold a node: `roles:web`, sorted.
    package func groups(holding node: String) -> [String] {
        known.filter { $0.key.wildcards && $0.value.contains(name: node) }
            .map { String($0.key.group.description.dropFirst()) }.sorted()
    }

    /// Reads the groups that files of the default source have, so that `groups(holding:)` knows them too. One that cannot be
    /// read is left for whoever needs it.
    package mutating func readFileGroups() {
        for group in groups.fileGroups { _ = try? members(of: group, wildcards: true) }
    }

    /// All nodes of the groups that files of the default source have.
    package var nodesOfFileGroups: NodeSet {
        mutating get {
            readFileGroups()
            var all = NodeSet()
            for nodes in known.values where all.count <= limits.hosts { all.formUnion(nodes) }
            return all
        }
    }

    /// Whether the default source tells a node's groups by a command.
    package var hasReverse: Bool { groups.hasReverse }

    /// The groups that the default source's `reverse` tells for a node, which costs a command.
    /// - Throws: `upcallFailed`, `groupNameCharacter`.
    package mutating func reverseGroups(of node: String) throws(NodeSetError) -> [String] {
        try groups.reverse(of: node).map { String($0.description.dropFirst()) }
    }
}

// MARK: Wildcards

extension NodeSetReader {
    private mutating func matches(of patterns: NodeSet, in source: String?) throws(NodeSetError) -> NodeSet {
        let names = try everyNode(in: source).names
        guard names.count.multipliedReportingOverflow(by: patterns.count).partialValue <= limits.comparisons,
            names.count <= limits.hosts
        else {
            throw NodeSetError(
                .tooManyHosts,
                "\(patterns.count) wildcards with \(names.count) nodes are more than \(limits.comparisons) comparisons."
            )
        }
        let wildcards = patterns.names.map(Wildcard.init)
        return NodeSet(names: names.filter { name in wildcards.contains { $0.matches(name) } })
    }

    /// All nodes of a source, in whose texts wildcards are plain characters.
    private mutating func everyNode(in source: String?) throws(NodeSetError) -> NodeSet {
        let source = try groups.source(source).name
        if let nodes = allNodes[source] { return nodes }
        var all = NodeSet()
        for text in try groups.nodes(of: GroupName(source: source, name: GroupName.everything), limits) {
            try apply(.union, try evaluate(Substring(text), in: source, wildcards: false), to: &all)
        }
        // A group that is written with a wildcard would be a node of that name here.
        all = NodeSet(names: all.names.filter { !$0.utf8.contains(where: Wildcard.isWild) })
        allNodes[source] = all
        return all
    }

    private func noMatch(_ term: NodeSetScanner.Term, in source: String?) -> NodeSetError {
        let name = NamePattern.name(
            term.pattern.pieces,
            with: term.numbers.map { $0.count == 1 ? NumberRuns.fold(Array($0)) : "[\(NumberRuns.fold($0.sorted()))]" }
        )
        return NodeSetError(
            .nothingMatches,
            "\(quoted(name)) matches no node of \(groups.description(of: source)); ClusterShell would go on without it."
        )
    }
}
