import YAML

/// Reads what an inventory program prints into a graph: `--list` for all, and `--host NAME` for each host where the former
/// has no `_meta`.
struct ProgramInventory {
    private static let meta = "_meta"
    private static let sections = ["hosts", "vars", "children"]

    private let program: String
    private var hosts: [Int] = []
    private var seen: Set<Int> = []

    /// - Parameter run: runs the program with arguments and gives what it printed.
    /// - Throws: `InventoryError`
    static func read(
        _ program: String,
        into graph: inout InventoryGraph,
        run: ([String]) throws(InventoryError) -> [UInt8]
    ) throws(InventoryError) {
        var reader = ProgramInventory(program: program)
        let arguments = ["--list"]
        let root = try reader.object(try run(arguments), arguments)
        var variables: YAMLMap?
        for entry in root.entries {
            if entry.key.string == meta {
                variables = try reader.hostVariables(entry.value)
            } else {
                try reader.group(entry, &graph)
            }
        }
        for host in reader.hosts {
            let name = graph.hosts[host].name.text
            if let variables {
                try reader.set(variables[name], of: host, &graph)
            } else {
                let answer = try run(["--host", name])
                guard answer.contains(where: { $0 > 0x20 }) else { continue }
                let map = try reader.object(answer, ["--host", name])
                try reader.set(YAMLNode(.map(map), line: 1), of: host, &graph)
            }
        }
    }

    private init(program: String) {
        self.program = program
    }

    private func object(_ text: [UInt8], _ arguments: [String]) throws(InventoryError) -> YAMLMap {
        let document: YAMLDocument
        do throws(YAMLFailure) {
            document = try YAMLReader.json(text, dialect: AnsibleNames.dialect)
        } catch {
            throw wrong(
                "what it printed for \(arguments.joined(separator: " ")) is not JSON: \(error.reason)",
                error.line
            )
        }
        if let repeated = document.repeatedKeys.first {
            throw wrong(
                "the key '\(repeated.key)' stands twice in one object of what it printed for "
                    + "\(arguments.joined(separator: " ")), and the first one's hosts or values would be lost",
                repeated.line
            )
        }
        guard let map = document.root.map else {
            throw wrong(
                "what it printed for \(arguments.joined(separator: " ")) is \(document.root.kind), not an object"
            )
        }
        return map
    }

    private func hostVariables(_ meta: YAMLNode) throws(InventoryError) -> YAMLMap {
        guard let map = meta.map else { throw wrong("'_meta' is \(meta.kind), not an object", meta.line) }
        if let profile = map["profile"], profile.string != "inventory_legacy" {
            throw wrong("'_meta.profile' is not inventory_legacy, the only one that is known", profile.line)
        }
        guard let variables = map["hostvars"] else { throw wrong("'_meta' has no 'hostvars'", meta.line) }
        guard let map = variables.map else {
            throw wrong("'_meta.hostvars' is \(variables.kind), not an object", variables.line)
        }
        return map
    }

    private mutating func group(_ entry: YAMLMap.Entry, _ graph: inout InventoryGraph) throws(InventoryError) {
        let name = entry.key.keyText
        let place = InventoryPlace(source: program, line: entry.key.line)
        guard !name.isEmpty else { throw wrong("a group has an empty name", entry.key.line) }
        let group = graph.addGroup(ExactText(name))
        guard let map = entry.value.map else { return try add(entry.value, to: group, &graph) }
        guard Self.sections.contains(where: { map[$0] != nil }) else {
            throw place.error(
                .ambiguous,
                "the group \(name) has no hosts, vars or children; Ansible takes such a one for a host \(name) as well",
                "print {\"hosts\": []} for an empty group, and {\"hosts\": [\"\(name)\"]} for that host"
            )
        }
        if let hosts = map["hosts"] { try add(hosts, to: group, &graph) }
        if let variables = map["vars"] {
            guard let variables = variables.map else {
                throw wrong("'\(name).vars' is \(variables.kind), not an object", variables.line)
            }
            for variable in variables.entries {
                try graph.setVariable(variable.key.keyText, variable.value, ofGroup: group, program)
            }
        }
        guard let children = map["children"] else { return }
        guard let list = children.list else {
            throw wrong("'\(name).children' is \(children.kind), not a list", children.line)
        }
        for child in list {
            guard let text = child.string, !text.isEmpty else {
                throw wrong("a child of \(name) is \(child.kind), not a group's name", child.line)
            }
            graph.addChild(
                graph.addGroup(ExactText(text)),
                to: group,
                InventoryPlace(source: program, line: child.line)
            )
        }
    }

    private mutating func add(
        _ hosts: YAMLNode,
        to group: Int,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        let name = graph.groups[group].name
        guard let list = hosts.list else { throw wrong("'\(name).hosts' is \(hosts.kind), not a list", hosts.line) }
        for entry in list {
            guard let text = entry.string, !text.isEmpty else {
                throw wrong("a host of \(name) is \(entry.kind), not a name", entry.line)
            }
            let place = InventoryPlace(source: program, line: entry.line)
            let host = try graph.addHost(text, to: group, port: nil, place)
            if seen.insert(host).inserted { self.hosts.append(host) }
            if text.contains("[") || HostAddress(text).port != nil {
                graph.warnings.append(place.warning("'\(text)' is one name: ranges and ports of programs are not read"))
            }
        }
    }

    private func set(_ variables: YAMLNode?, of host: Int, _ graph: inout InventoryGraph) throws(InventoryError) {
        guard let variables else { return }
        guard let map = variables.map else {
            throw wrong(
                "the variables of \(graph.hosts[host].name) are \(variables.kind), not an object",
                variables.line
            )
        }
        for variable in map.entries {
            try graph.setVariable(variable.key.keyText, variable.value, ofHost: host, program)
        }
    }

    private func wrong(_ problem: String, _ line: Int? = nil) -> InventoryError {
        let place = line.map { " (line \($0) of it)" } ?? ""
        return InventoryError(
            .invalidProgram,
            program,
            "the inventory program is wrong: \(problem)\(place)",
            "run \(program) --list to see what it prints"
        )
    }
}
