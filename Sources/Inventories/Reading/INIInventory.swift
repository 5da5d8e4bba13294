import YAML

/// Reads an inventory in Ansible's INI form into a graph.
struct INIInventory {
    private enum Section {
        case hosts, children, variables
    }

    /// A group that is named before it is declared.
    private struct Pending {
        let name: ExactText
        let place: InventoryPlace
        /// Those it is to be a child of; nil where only its variables were met.
        var parents: [(group: Int, place: InventoryPlace)]?
    }

    private let source: String
    private var group = InventoryGraph.ungrouped
    private var section = Section.hosts
    private var pending: [Int: Pending] = [:]
    private var pendingNames: [ExactText: Int] = [:]
    private var pendingCount = 0

    /// - Throws: `InventoryError`; what was read up to there is in the graph.
    static func read(_ bytes: [UInt8], from source: String, into graph: inout InventoryGraph) throws(InventoryError) {
        var reader = INIInventory(source: source)
        for (number, line) in try lines(bytes, source).enumerated() {
            try reader.read(PythonText.strip(line), InventoryPlace(source: source, line: number + 1), into: &graph)
        }
        try reader.end(graph)
    }

    private init(source: String) {
        self.source = source
    }

    /// Comments may be in any encoding.
    private static func lines(_ bytes: [UInt8], _ source: String) throws(InventoryError) -> [String] {
        if let text = String(validating: bytes, as: UTF8.self) { return PythonText.lines(text) }
        var lines: [String] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.first == UInt8(ascii: "#") || line.first == UInt8(ascii: ";") {
                lines.append("")
            } else if let text = String(validating: line, as: UTF8.self) {
                lines.append(text)
            } else {
                throw InventoryPlace(source: source, line: lines.count + 1).error(
                    .invalidINI,
                    "the line is not UTF-8",
                    "convert the file to UTF-8"
                )
            }
        }
        return lines
    }

    private mutating func read(
        _ line: String,
        _ place: InventoryPlace,
        into graph: inout InventoryGraph
    ) throws(InventoryError) {
        guard let first = line.unicodeScalars.first, first != "#", first != ";" else { return }
        if first == "[", let header = Self.header(line) { return try begin(header.name, header.kind, place, &graph) }
        guard first != "[" || line.unicodeScalars.last != "]" else {
            throw place.error(
                .invalidINI,
                "'\(line)' is not a section: its name has blanks, or nothing in it",
                "write [group], [group:children] or [group:vars]"
            )
        }
        switch section {
        case .hosts: try readHost(line, place, &graph)
        case .variables: try readVariable(line, place, &graph)
        case .children: try readChild(line, place, &graph)
        }
    }

    /// `[name]` or `[name:kind]`, and a comment behind it.
    private static func header(_ line: String) -> (name: String, kind: String?)? {
        let text = line.unicodeScalars.dropFirst()
        guard let close = text.firstIndex(of: "]") else { return nil }
        let rest = PythonText.strip(Substring(text[text.index(after: close)...]))
        guard rest.isEmpty || rest.unicodeScalars.first == "#" else { return nil }
        let parts = text[..<close].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: PythonText.isSpace) }) else {
            return nil
        }
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
    }

    private mutating func begin(
        _ text: String,
        _ kind: String?,
        _ place: InventoryPlace,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        switch kind {
        case nil, "hosts": section = .hosts
        case "children": section = .children
        case "vars": section = .variables
        case let kind?:
            throw place.error(
                .invalidINI,
                "[\(text):\(kind)] is a section of an unknown kind",
                "write [\(text)], [\(text):children] or [\(text):vars]"
            )
        }
        let name = ExactText(text)
        let isNew = graph.group(name) == nil
        group = try graph.addGroup(named: text, place)
        if section == .variables {
            if isNew, pendingNames[name] == nil { wait(for: Pending(name: name, place: place, parents: nil)) }
            return
        }
        guard let number = pendingNames.removeValue(forKey: name), let waiting = pending.removeValue(forKey: number)
        else {
            return
        }
        for parent in waiting.parents ?? [] { graph.addChild(group, to: parent.group, parent.place) }
    }

    private mutating func wait(for group: Pending) {
        pendingNames[group.name] = pendingCount
        pending[pendingCount] = group
        pendingCount += 1
    }

    private func readHost(
        _ line: String,
        _ place: InventoryPlace,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        let words: [String]
        do throws(ShellWords.Problem) {
            words = try ShellWords.split(line)
        } catch {
            throw place.error(.invalidINI, "it cannot be split into words: \(error.text)", "mend the quotes")
        }
        guard let pattern = words.first else { return }
        let hosts = try Self.hosts(pattern, place, &graph)
        guard hosts.port != nil || PythonText.strip(pattern).utf8.last != UInt8(ascii: ":"),
            !hosts.names.contains("---")
        else {
            throw place.error(
                .invalidINI,
                "'\(pattern)' is not a host's name, and looks like YAML",
                "name the file .yml, .yaml or without an ending where it is YAML"
            )
        }
        var variables: [(name: String, node: YAMLNode)] = []
        for word in words.dropFirst() {
            guard let (name, value) = Self.split(word) else {
                throw place.error(
                    .invalidINI,
                    "a word behind the host is not name=value",
                    "write name=value without blanks around =, and one host a line"
                )
            }
            variables.append((name, try Self.node(value, name, place)))
        }
        for text in hosts.names {
            let host = try graph.addHost(text, to: group, port: hosts.port, place)
            for (name, node) in variables { try graph.setVariable(name, node, ofHost: host, place.source) }
        }
    }

    /// The hosts of a pattern such as `web[1:3]:2222`.
    static func hosts(
        _ pattern: String,
        _ place: InventoryPlace,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) -> (names: [String], port: Int?) {
        let address = HostAddress(pattern)
        let (names, empty) = try HostRange.expand(address.host, place)
        if let empty {
            graph.warnings.append(
                place.warning("the range \(empty) of '\(pattern)' ends before it begins: it is no host")
            )
        }
        return (names, address.port)
    }

    private func readVariable(
        _ line: String,
        _ place: InventoryPlace,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        guard let (name, value) = Self.split(line) else {
            throw place.error(.invalidINI, "it is not name=value", "write name=value, or open another section")
        }
        let key = PythonText.strip(name)
        try graph.setVariable(key, try Self.node(PythonText.strip(value), key, place), ofGroup: group, place.source)
    }

    private mutating func readChild(
        _ line: String,
        _ place: InventoryPlace,
        _ graph: inout InventoryGraph
    ) throws(InventoryError) {
        let scalars = line.unicodeScalars
        var word = scalars.prefix { !PythonText.isSpace($0) && $0 != ":" && $0 != "]" }
        var rest = PythonText.strip(Substring(scalars[word.endIndex...]))
        // The name takes in a # that stands right behind it, where nothing else follows.
        if !rest.isEmpty, rest.unicodeScalars.first != "#", let mark = word.lastIndex(of: "#") {
            word = word[..<mark]
            rest = ""
        }
        let name = String(word)
        guard !name.isEmpty, rest.isEmpty || rest.unicodeScalars.first == "#" else {
            throw place.error(.invalidINI, "'\(line)' is not a group's name", "write one group a line")
        }
        if let child = graph.group(ExactText(name)) { return graph.addChild(child, to: group, place) }
        let parent = (group: group, place: place)
        if let number = pendingNames[ExactText(name)] {
            pending[number]?.parents?.append(parent)
        } else {
            wait(for: Pending(name: ExactText(name), place: place, parents: [parent]))
        }
    }

    private func end(_ graph: InventoryGraph) throws(InventoryError) {
        guard let first = pending.keys.min(), let group = pending[first] else { return }
        if let parent = group.parents?.last {
            throw group.place.error(
                .invalidINI,
                "[\(graph.groups[parent.group].name):children] names \(group.name), which is not a group here or before",
                "add a section [\(group.name)], or take the line out"
            )
        }
        throw group.place.error(
            .invalidINI,
            "[\(group.name):vars] is of a group that is not here or before",
            "add a section [\(group.name)], or mend the name"
        )
    }

    private static func split(_ text: String) -> (name: String, value: String)? {
        let scalars = text.unicodeScalars
        guard let equals = scalars.firstIndex(of: "=") else { return nil }
        return (String(scalars[..<equals]), String(scalars[scalars.index(after: equals)...]))
    }

    private static func node(
        _ text: String,
        _ name: String,
        _ place: InventoryPlace
    ) throws(InventoryError) -> YAMLNode {
        do throws(PythonLiteral.Problem) {
            return try PythonLiteral.node(text, line: place.line ?? 1)
        } catch {
            throw place.error(
                .invalidVariables,
                "the value of \(name) \(error.text)",
                "put it into a file of group_vars or host_vars"
            )
        }
    }
}
