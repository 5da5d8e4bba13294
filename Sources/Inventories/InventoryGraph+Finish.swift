import YAML

extension InventoryGraph {
    /// What holds for every inventory once all its sources are read: every group is below `all`, every host in a group, and
    /// nothing is below itself.
    /// - Throws: `InventoryError`
    mutating func finish() throws(InventoryError) {
        guard edges.count <= InventoryLimits.pairs else {
            throw InventoryPlace(source: "the inventory").error(
                .tooLarge,
                "groups are in groups more than \(InventoryLimits.pairs) times",
                "make them flatter"
            )
        }
        for group in groups.indices where group != Self.all && groups[group].parents.isEmpty {
            addChild(group, to: Self.all, nil)
        }
        try checkRings()
        let outer = ancestors(of: [Self.ungrouped]).subtracting([Self.all, Self.ungrouped])
        if let group = outer.min(), !groups[Self.ungrouped].hosts.isEmpty {
            let edge = edges[Pair(group: group, member: Self.ungrouped)]
            throw (edge?.place ?? InventoryPlace(source: "the inventory")).error(
                .ambiguous,
                "the group ungrouped is below \(groups[group].name), and Ansible loses hosts that are in no other group",
                "give those hosts a group of their own"
            )
        }
        sortOutUngrouped()
        try setDepths()
        for namesake in namesakes { try check(namesake) }
    }

    /// A group of one host may have its name, as `[localhost]` often has.
    private mutating func check(_ namesake: Namesake) throws(InventoryError) {
        guard hosts(below: namesake.group) != [namesake.host] else { return }
        let name = hosts[namesake.host].name
        let both = "\(name) is a host and a group of others; \(namesake.variable) stands beside the host"
        guard !ConnectionVariables.names.contains(namesake.variable) else {
            throw namesake.place.error(
                .ambiguous,
                "\(both), and Ansible gives it to the group's hosts instead",
                "give one of the two another name"
            )
        }
        warnings.append(namesake.place.warning("\(both), and is the group's, as Ansible has it"))
    }

    /// Hosts that are in another group leave `ungrouped`, and those that are in none come into it.
    private mutating func sortOutUngrouped() {
        let special: Set = [Self.all, Self.ungrouped]
        for host in hosts.indices {
            let others = hosts[host].groups.contains { !special.contains($0) }
            if others {
                hosts[host].hasLeftUngrouped = hosts[host].groups.contains(Self.ungrouped)
                hosts[host].groups.removeAll { $0 == Self.ungrouped }
            } else if !hosts[host].groups.contains(Self.ungrouped) {
                if let group = group(hosts[host].name), group != Self.all, group != Self.ungrouped {
                    // Ansible looks for a group of that name first.
                    addChild(group, to: Self.ungrouped, nil)
                } else {
                    addMember(host, to: Self.ungrouped)
                }
            }
        }
        groups[Self.ungrouped].hosts.removeAll { !hosts[$0].groups.contains(Self.ungrouped) }
    }

    /// The groups and all that they are in.
    private func ancestors(of start: [Int]) -> Set<Int> {
        var found = Set(start)
        var waiting = Array(found)
        while let group = waiting.popLast() {
            for parent in groups[group].parents where found.insert(parent).inserted { waiting.append(parent) }
        }
        return found
    }

    private func checkRings() throws(InventoryError) {
        var left = inOrder().left
        guard let start = left.firstIndex(where: { $0 > 0 }) else { return }
        // Each of them has a parent that is left too: going up must come back.
        var way: [Int] = []
        var group = start
        while left[group] >= 0 {
            left[group] = -1
            way.append(group)
            guard let parent = groups[group].parents.first(where: { left[$0] != 0 }) else { break }
            group = parent
        }
        guard let first = way.firstIndex(of: group) else { return }
        let ring = Array(way[first...])
        let pairs = ring.indices.map { Pair(group: ring[($0 + 1) % ring.count], member: ring[$0]) }
        let last = pairs.max { (edges[$0]?.order ?? 0) < (edges[$1]?.order ?? 0) } ?? pairs[0]
        let place = pairs.compactMap { edges[$0] }.filter { $0.place != nil }.max { $0.order < $1.order }?.place
        throw (place ?? InventoryPlace(source: "the inventory")).error(
            .groupCycle,
            "the group \(groups[last.member].name) is below itself by way of \(groups[last.group].name)",
            "take one of the two out of the other"
        )
    }

    private mutating func setDepths() throws(InventoryError) {
        for group in inOrder().order {
            for child in groups[group].children {
                groups[child].depth = max(groups[child].depth, groups[group].depth + 1)
                guard groups[child].depth <= InventoryLimits.nesting else {
                    let edge = edges[Pair(group: group, member: child)]
                    throw (edge?.place ?? InventoryPlace(source: "the inventory")).error(
                        .tooDeep,
                        "groups stand in groups more than \(InventoryLimits.nesting) levels deep",
                        "make them flatter"
                    )
                }
            }
        }
    }

    /// Parents before their children.
    /// - Returns: `left`, by group: how many parents it waits for for ever.
    private func inOrder() -> (order: [Int], left: [Int]) {
        var left = groups.map(\.parents.count)
        var order = groups.indices.filter { left[$0] == 0 }
        var next = 0
        while next < order.count {
            for child in groups[order[next]].children {
                left[child] -= 1
                if left[child] == 0 { order.append(child) }
            }
            next += 1
        }
        return (order, left)
    }

    /// A group's hosts and those of the groups below it, each once, in the order in which Ansible comes to them: by levels.
    func hosts(below start: Int) -> [Int] {
        var seenGroups: Set = [start]
        var walk = [start]
        var next = 0
        var seen: Set<Int> = []
        var found: [Int] = []
        while next < walk.count {
            for host in groups[walk[next]].hosts where seen.insert(host).inserted { found.append(host) }
            for child in groups[walk[next]].children where seenGroups.insert(child).inserted { walk.append(child) }
            next += 1
        }
        return found
    }
}
