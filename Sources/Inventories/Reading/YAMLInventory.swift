import YAML

/// Reads an inventory in Ansible's YAML form into a graph.
struct YAMLInventory {
    private static let sections: Set = ["vars", "children", "hosts"]

    private let source: String

    /// - Parameter root: a mapping that is not empty.
    /// - Throws: `InventoryError`; what was read up to there is in the graph.
    static func read(_ root: YAMLMap, from source: String, into graph: inout InventoryGraph) throws(InventoryError) {
        if let plugin = root["plugin"], !plugin.isFalsy {
            throw InventoryPlace(source: source, line: plugin.line).error(
                .unsupported,
                "it is a configuration of Ansible's plug-in \(plugin.string ?? "?"), and not an inventory",
                "give -i a program instead that runs: ansible-inventory -i \(source) --list"
            )
        }
        let reader = YAMLInventory(source: source)
        for entry in root.entries { _ = try reader.group(entry.key, entry.value, nil, &graph) }
    }

    /// - Returns: the group; nil where Ansible does not take it for one.
    private func group(
        _ key: YAMLNode,
        _ node: YAMLNode,
        _ parent: String?,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) -> Int? {
        let place = InventoryPlace(source: source, line: key.line)
        guard node.map != nil || node.isNull else {
            let text = "'\(key.keyText)' is \(node.kind), where a group's hosts, children and vars would stand"
            if let parent, key.string.map({ graph.group(ExactText($0)) == nil }) ?? true {
                throw place.error(.invalidYAML, "\(text), below \(parent)", "write a mapping")
            }
            graph.warnings.append(place.warning("\(text): it is passed over"))
            return key.string.flatMap { graph.group(ExactText($0)) }
        }
        guard let name = key.string else {
            throw place.error(
                .invalidYAML,
                "the name of a group is \(key.kind), written \(key.source ?? "so"), and not a text",
                "put it in quotes"
            )
        }
        let group = try graph.addGroup(named: name, place)
        guard let map = node.map else { return group }
        for entry in map.entries { try check(entry, of: name) }
        for entry in map.entries { try read(entry, name, group, &graph) }
        return group
    }

    private func check(_ entry: YAMLMap.Entry, of group: String) throws(InventoryError) {
        guard let key = entry.key.string, Self.sections.contains(key) else { return }
        let value = entry.value
        guard value.map == nil, value.string == nil, !value.isNull else { return }
        throw InventoryPlace(source: source, line: value.line).error(
            .invalidYAML,
            "'\(key)' of the group \(group) is \(value.kind), and not a mapping",
            key == "vars" ? "write 'name: value' below it" : "write 'name:' below it, each on a line, without a dash"
        )
    }

    private func read(
        _ entry: YAMLMap.Entry,
        _ name: String,
        _ group: Int,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        let place = InventoryPlace(source: source, line: entry.key.line)
        guard let key = entry.key.string, Self.sections.contains(key) else {
            let text = "'\(entry.key.keyText)' of the group \(name) is not vars, children or hosts: it is passed over"
            graph.warnings.append(place.warning(text))
            return
        }
        guard !entry.value.isNull else { return }
        var map = entry.value.map ?? YAMLMap()
        // A text alone is the only key.
        if entry.value.string != nil { _ = map.set(entry.value, YAMLNode(.null, line: entry.value.line)) }
        switch key {
        case "vars":
            for variable in map.entries {
                try graph.setVariable(variable.key.keyText, variable.value, ofGroup: group, source)
            }
        case "children":
            for child in map.entries {
                guard let number = try self.group(child.key, child.value, name, &graph) else { continue }
                graph.addChild(number, to: group, InventoryPlace(source: source, line: child.key.line))
            }
        default:
            for host in map.entries { try readHost(host, group, &graph) }
        }
    }

    private func readHost(
        _ entry: YAMLMap.Entry,
        _ group: Int,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        let place = InventoryPlace(source: source, line: entry.key.line)
        guard let pattern = entry.key.string else {
            throw place.error(
                .invalidYAML,
                "the name of a host is \(entry.key.kind), written \(entry.key.source ?? "so"), and not a text",
                "put it in quotes"
            )
        }
        guard entry.value.map != nil || entry.value.isFalsy else {
            throw place.error(
                .invalidYAML,
                "'\(entry.value.string ?? entry.value.kind)' stands where the variables of \(pattern) would",
                "write them as 'name: value' below the host"
            )
        }
        let hosts = try INIInventory.hosts(pattern, place, &graph)
        for name in hosts.names {
            let host = try graph.addHost(name, to: group, port: hosts.port, place)
            for variable in entry.value.map?.entries ?? [] {
                try graph.setVariable(variable.key.keyText, variable.value, ofHost: host, source)
            }
        }
    }
}
