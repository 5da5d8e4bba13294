import YAML

/// What one or more sources of `-i` say: groups and hosts, and each host's variables as Ansible finds them.
///
/// Sources are read at once, and files of variables when a host's are asked for. All of it blocks.
package final class Inventory {
    /// A host of this inventory.
    package struct HostID: Hashable, Sendable {
        let number: Int
    }

    let graph: InventoryGraph
    private let files: VariableFiles
    private let system: any InventorySystem
    /// The variables of the groups that a host is in, by those groups: many hosts share them. `all` at the end stands for one
    /// that has left `ungrouped`.
    private var shared: [[Int]: InventoryVariables] = [:]
    private var ancestry: GroupAncestry
    /// By group, its place among all their names.
    private let nameRanks: [Int]

    /// All hosts, in the order in which Ansible comes to them: group by group, from `all` downward.
    package let hosts: [HostID]

    /// - Parameters:
    ///   - sources: as `-i` takes them: paths, and lists of hosts with a comma.
    ///   - playFolder: where `group_vars` and `host_vars` are looked for beside the inventories' own folders.
    /// - Throws: `InventoryError`: nothing of an inventory counts where a part of it is wrong.
    package init(
        _ sources: [String],
        playFolder: String? = ".",
        system: any InventorySystem
    ) throws(InventoryError) {
        var reader = SourceReader(system)
        for source in sources where !source.isEmpty { try reader.read(source) }
        var graph = reader.graph
        try graph.finish()
        self.graph = graph
        self.system = system
        files = VariableFiles(system, sources: sources.filter { !$0.isEmpty }, play: playFolder)
        hosts = graph.hosts(below: InventoryGraph.all).map(HostID.init)
        ancestry = GroupAncestry(graph.groups)
        var ranks = Array(graph.groups.indices)
        for (rank, group) in graph.groups.indices.sorted(by: { graph.groups[$0].name < graph.groups[$1].name })
            .enumerated()
        {
            ranks[group] = rank
        }
        nameRanks = ranks
    }

    /// What was read and is probably not meant. There may be more once variables were asked for.
    package var warnings: [InventoryWarning] { graph.warnings + files.warnings + targetWarnings }
    private var targetWarnings: [InventoryWarning] = []

    /// The name that an inventory gives a host, which need not be its address.
    package func name(of host: HostID) -> String {
        graph.hosts[host.number].name.text
    }

    package func host(named name: String) -> HostID? {
        graph.host(ExactText(name)).map(HostID.init)
    }

    /// The groups that a host is in, those above them included, `all` left out; sorted as Ansible's `group_names`.
    package func groups(of host: HostID) -> [String] {
        innerGroups(of: host.number).sorted { nameRanks[$0] < nameRanks[$1] }.map { graph.groups[$0].name.text }
    }

    /// The groups that a host is in, those above them included, and `all` left out, in the order in which they count.
    private func innerGroups(of host: Int) -> [Int] {
        let entry = graph.hosts[host]
        return ancestry.groups(above: entry.groups).filter { group in
            group != InventoryGraph.all && !(entry.hasLeftUngrouped && group == InventoryGraph.ungrouped)
        }
    }

    /// A group's hosts and those of the groups below it; nil where there is no such group.
    package func hosts(of group: String) -> [HostID]? {
        graph.group(ExactText(group)).map { graph.hosts(below: $0).map(HostID.init) }
    }

    /// Each group with the hosts and the groups that it names itself, in the order in which they were met.
    package var groupMembers: [(name: String, hosts: [String], children: [String])] {
        graph.groups.map { group in
            (
                group.name.text, group.hosts.map { graph.hosts[$0].name.text },
                group.children.map { graph.groups[$0].name.text }
            )
        }
    }

    /// A host's variables: what its groups say, the inner ones over the outer ones, files over inventories, and what is said
    /// of the host itself over all.
    /// - Throws: `InventoryError` where a file of variables is wrong.
    package func variables(of host: HostID) throws(InventoryError) -> InventoryVariables {
        let entry = graph.hosts[host.number]
        var variables = try sharedVariables(of: host.number)
        variables.merge(entry.variables) { _, new in new }
        variables.merge(try files.beside(.host, [entry.name])) { _, new in new }
        variables.merge(try files.besidePlay(.host, [entry.name])) { _, new in new }
        for name in AnsibleNames.ownVariables where variables[name] != nil { variables[name] = nil }
        return variables
    }

    private func sharedVariables(of host: Int) throws(InventoryError) -> InventoryVariables {
        let entry = graph.hosts[host]
        let key = entry.hasLeftUngrouped ? entry.groups + [InventoryGraph.all] : entry.groups
        if let known = shared[key] { return known }
        let inner = innerGroups(of: host)
        let names = inner.map { graph.groups[$0].name }
        var variables = graph.groups[InventoryGraph.all].variables
        for group in inner where !graph.groups[group].variables.isEmpty {
            variables.merge(graph.groups[group].variables) { _, new in new }
        }
        variables.merge(try files.beside(.group, [AnsibleNames.all])) { _, new in new }
        variables.merge(try files.besidePlay(.group, [AnsibleNames.all])) { _, new in new }
        variables.merge(try files.beside(.group, names)) { _, new in new }
        variables.merge(try files.besidePlay(.group, names)) { _, new in new }
        shared[key] = variables
        return variables
    }

    /// How a host is reached.
    /// - Throws: `InventoryError` where its variables cannot be read, or say nothing that can be acted on.
    package func target(of host: HostID) throws(InventoryError) -> InventoryTarget {
        let variables = try variables(of: host)
        var found: [InventoryWarning] = []
        let target = try ConnectionVariables.target(name(of: host), variables, &found)
        // Many hosts may have it from one group.
        targetWarnings += found.filter { !targetWarnings.contains($0) }
        return target
    }

    /// The hosts that a `--limit` leaves, in the order of all.
    /// - Throws: `InventoryError` where the limit, or a part of it, matches nothing, or may mean two things.
    package func hosts(limitedTo limit: String) throws(InventoryError) -> [HostID] {
        var matcher = LimitMatcher(graph, limit)
        let wanted = try matcher.hosts(of: try LimitPatterns.read(limit, system))
        let left = hosts.filter { wanted.contains($0.number) }
        guard !left.isEmpty else {
            throw InventoryError(
                .limitMatchesNothing,
                "--limit \(limit)",
                "it leaves none of the \(hosts.count) hosts",
                "mend the pattern"
            )
        }
        return left
    }
}
