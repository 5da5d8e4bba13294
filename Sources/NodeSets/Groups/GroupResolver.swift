/// Answers which nodes a group has, from group files and commands. Each command runs once.
package struct GroupResolver: Sendable {
    private let sources: [GroupSource]
    private let defaultName: String?
    /// Files that this user may not read, and where configuration was looked for: for messages.
    private let remarks: String
    private let system: (any GroupSystem)?
    private var answers: [String: [String: String]] = [:]

    /// - Parameters:
    ///   - defaultName: the source of groups that name none; nil for the first.
    ///   - system: runs commands. Group files need none.
    package init(
        sources: [GroupSource] = [],
        defaultName: String? = nil,
        remarks: String = "",
        system: (any GroupSystem)? = nil
    ) {
        self.sources = sources
        self.defaultName = defaultName ?? sources.first?.name
        self.remarks = remarks
        self.system = system
    }

    /// - Throws: `unknownSource`
    func source(_ name: String?) throws(NodeSetError) -> GroupSource {
        guard let name = name ?? defaultName else {
            throw NodeSetError(
                .unknownSource,
                "no groups are configured, so groups and wildcards have no meaning; write groups.conf.\(remarks)"
            )
        }
        guard let source = sources.first(where: { $0.name == name }) else {
            let names = sources.map(\.name).joined(separator: ", ")
            throw NodeSetError(
                .unknownSource,
                "there is no group source \(quoted(name))\(names.isEmpty ? "" : "; there are: \(names)").\(remarks)"
            )
        }
        return source
    }

    func description(of source: String?) -> String {
        (source ?? defaultName).map { "group source \($0)" } ?? "any group source"
    }

    /// A group's texts, each a node set that may hold groups of the same source.
    /// - Returns: empty for a group that is there and has no node.
    /// - Throws: `unknownGroup`, and what its command's failure is.
    mutating func nodes(of group: GroupName, _ limits: NodeSetLimits) throws(NodeSetError) -> [String] {
        let source = try source(group.source)
        if group.name == GroupName.everything { return try allNodes(of: source, limits) }
        guard !group.name.hasPrefix("@") else {
            throw NodeSetError(
                .unknownGroup,
                "\(quoted("\(group)")): to ClusterShell that is the list of the groups' own names, which are not hosts."
            )
        }
        switch source.groups {
        case .file(let groups):
            guard let text = groups[group.name] else { throw unknown(group, in: source) }
            return words(text)
        case .upcalls(let upcalls):
            let nodes = words(try mapped(group, source, upcalls) ?? "")
            if nodes.isEmpty, try !isListed(group, source, upcalls, limits) { throw unknown(group, in: source) }
            return nodes
        }
    }

    private mutating func allNodes(of source: GroupSource, _ limits: NodeSetLimits) throws(NodeSetError) -> [String] {
        switch source.groups {
        case .file(let groups):
            if let all = groups["all"] { return words(all) }
            for name in groups.keys.sorted() { try check(name, in: source) }
            return groups.sorted { $0.key < $1.key }.flatMap { words($0.value) }
        case .upcalls(let upcalls):
            if upcalls.lines[.all] != nil { return words(try answer(.all, source, upcalls)) }
            var nodes: [String] = []
            for name in try listed(source, upcalls, limits) {
                nodes += words(try mapped(GroupName(source: source.name, name: name), source, upcalls) ?? "")
            }
            return nodes
        }
    }

    /// The groups of the default source, where a file has them: to know them costs no command.
    var fileGroups: [GroupName] {
        guard let source = try? source(nil), case .file(let groups) = source.groups else { return [] }
        return groups.keys.sorted().map { GroupName(source: source.name, name: $0) }
    }

    var hasReverse: Bool {
        guard let source = try? source(nil), case .upcalls(let upcalls) = source.groups else { return false }
        return upcalls.lines[.reverse] != nil
    }

    /// The groups that a node is in, as the default source's `reverse` tells, where it has one.
    mutating func reverse(of node: String) throws(NodeSetError) -> [GroupName] {
        guard hasReverse, let source = try? source(nil), case .upcalls(let upcalls) = source.groups else { return [] }
        return words(try answer(.reverse, source, upcalls, ["NODE": node])).map {
            GroupName(source: source.name, name: $0)
        }
    }

    private func unknown(_ group: GroupName, in source: GroupSource) -> NodeSetError {
        var known = ""
        if case .file(let groups) = source.groups {
            known = "; \(source.file) has: \(groups.keys.sorted().prefix(12).joined(separator: ", "))"
        }
        return NodeSetError(
            .unknownGroup,
            "there is no group \(quoted("\(group)"))\(known). ClusterShell takes it for an empty one and goes on.\(remarks)"
        )
    }
}

// MARK: Commands

extension GroupResolver {
    /// A group's text; nil where `mapall` does not have it.
    private mutating func mapped(
        _ group: GroupName,
        _ source: GroupSource,
        _ upcalls: Upcalls
    ) throws(NodeSetError) -> String? {
        if upcalls.lines[.mapall] != nil {
            let nodes = try mapAll(source, upcalls)[group.name]
            guard nodes == nil, upcalls.lines[.map] != nil else { return nodes }
        }
        return try answer(.map, source, upcalls, ["GROUP": group.name])
    }

    /// Whether `list` or `mapall` has the group, which tells an empty group from one that is not there.
    private mutating func isListed(
        _ group: GroupName,
        _ source: GroupSource,
        _ upcalls: Upcalls,
        _ limits: NodeSetLimits
    ) throws(NodeSetError) -> Bool {
        guard upcalls.lines[.list] != nil || upcalls.lines[.mapall] != nil else { return false }
        return try listed(source, upcalls, limits).contains(group.name)
    }

    /// The names of the groups. A name may have a range.
    private mutating func listed(
        _ source: GroupSource,
        _ upcalls: Upcalls,
        _ limits: NodeSetLimits
    ) throws(NodeSetError) -> [String] {
        let texts =
            upcalls.lines[.mapall] == nil
            ? words(try answer(.list, source, upcalls)) : try mapAll(source, upcalls).keys.sorted()
        var names = NodeSet()
        for text in texts {
            try check(text, in: source)
            var scanner = try NodeSetScanner(Substring(text), limits)
            while let term = try scanner.next() { names.apply(term.operation, try NodeSet(term, limits)) }
        }
        return names.names
    }

    private mutating func mapAll(_ source: GroupSource, _ upcalls: Upcalls) throws(NodeSetError) -> [String: String] {
        var groups: [String: String] = [:]
        let lines = try answer(.mapall, source, upcalls)
            .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = trimmed(line)
            guard !line.isEmpty else { continue }
            let colon = line.firstIndex(of: ":")
            let name = trimmed(line[..<(colon ?? line.startIndex)])
            guard let colon, !name.isEmpty, words(String(name)).count == 1 else {
                throw NodeSetError(
                    .upcallFailed,
                    "\(source.file): line \(index + 1) of what 'mapall' of \(source.name) wrote is not 'group: nodes'."
                )
            }
            let texts = [groups[String(name)] ?? "", String(trimmed(line[line.index(after: colon)...]))]
            groups[String(name)] = texts.filter { !$0.isEmpty }.joined(separator: ",")
        }
        return groups
    }

    private mutating func answer(
        _ kind: Upcalls.Kind,
        _ source: GroupSource,
        _ upcalls: Upcalls,
        _ values: [String: String] = [:]
    ) throws(NodeSetError) -> String {
        guard let template = upcalls.lines[kind] else {
            throw NodeSetError(
                .noUpcall,
                "\(source.file): group source \(source.name) has no '\(kind.rawValue)', which is needed here."
            )
        }
        for value in values.values { try check(argument: value, of: source) }
        let all = values.merging(["CFGDIR": upcalls.folder, "SOURCE": source.name]) { mine, _ in mine }
        let line = Upcalls.substitute(all, in: template)
        if let known = answers[source.name]?[line] { return known }
        guard let system else {
            throw NodeSetError(.noUpcall, "\(source.file): commands of groups cannot be run here.")
        }
        do throws(GroupFailure) {
            let output = try system.output(of: line, in: upcalls.folder)
            answers[source.name, default: [:]][line] = output
            return output
        } catch {
            let program = Upcalls.program(of: template).map { " (\($0))" } ?? ""
            throw NodeSetError(
                .upcallFailed,
                "\(source.file): '\(kind.rawValue)' of group source \(source.name)\(program) failed: \(error.reason). "
                    + "Run its command by hand to see why."
            )
        }
    }

    /// A name goes into a shell's line as it is, so it may not hold what a shell reads.
    private func check(argument: String, of source: GroupSource) throws(NodeSetError) {
        let isPlain = argument.utf8.allSatisfy {
            isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) || "_-.:+=/@%".utf8.contains($0)
                || $0 >= 0x80
        }
        guard isPlain, !argument.isEmpty, !argument.hasPrefix("-") else {
            throw NodeSetError(
                .groupNameCharacter,
                "\(quoted(argument)) cannot be given to the commands of group source \(source.name): a shell reads them, "
                    + "and a group's name has letters, digits and _-.:+=/@% there."
            )
        }
    }

    private func check(_ name: String, in source: GroupSource) throws(NodeSetError) {
        guard !name.contains(where: { "@,!&^*".contains($0) }) else {
            throw NodeSetError(
                .groupNameCharacter,
                "\(source.file): the group \(quoted(name)) of \(source.name) has one of @ , ! & ^ * in its name."
            )
        }
    }
}

/// What stands between blanks and line ends.
private func words(_ text: String) -> [String] {
    text.utf8.split(whereSeparator: isBlank).map { String(Substring($0)) }
}
