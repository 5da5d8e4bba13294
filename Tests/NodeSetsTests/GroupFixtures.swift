import NodeSets

/// Files and commands that a test holds in memory.
struct MemorySystem: GroupSystem {
    var files: [String: String] = [:]
    var forbidden: Set<String> = []
    /// What a command's line writes; a line that is not here ends with 1.
    var outputs: [String: String] = [:]

    /// Paths that anybody may write to.
    var dangerous: Set<String> = []

    func danger(of path: String, isFolder: Bool) -> String? {
        dangerous.contains(path) ? "anybody may write to it" : nil
    }

    func text(of path: String) throws(GroupFailure) -> String? {
        guard !forbidden.contains(path) else { throw GroupFailure("Permission denied", isForbidden: true) }
        return files[path]
    }

    func names(in folder: String) throws(GroupFailure) -> [String]? {
        let prefix = folder + "/"
        let paths: [String] = Array(files.keys) + Array(forbidden)
        let names: [String] = paths.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        return names.isEmpty ? nil : names.filter { !$0.contains("/") }
    }

    func output(of line: String, in folder: String) throws(GroupFailure) -> String {
        guard let output = outputs["\(folder): \(line)"] else { throw GroupFailure("it ended with exit code 1") }
        return output
    }

    /// Reads two levels of `name: value`, where a value in quotes is text and a bare number is not.
    func document(_ yaml: String) throws(GroupFailure) -> GroupDocument {
        typealias Entry = (key: GroupDocument, value: GroupDocument)
        var sources: [(key: GroupDocument, entries: [Entry], line: Int)] = []
        for (index, line) in yaml.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else {
                throw GroupFailure("a colon is missing", line: index + 1)
            }
            let isDeep = line.hasPrefix(" ")
            let key = GroupDocument(Self.scalar(line[..<colon]), line: index + 1)
            if isDeep, !sources.isEmpty {
                let value = GroupDocument(Self.scalar(line[line.index(after: colon)...]), line: index + 1)
                sources[sources.count - 1].entries.append((key, value))
            } else {
                sources.append((key, [], index + 1))
            }
        }
        return GroupDocument(.map(sources.map { ($0.key, GroupDocument(.map($0.entries), line: $0.line)) }), line: 1)
    }

    private static func scalar(_ text: Substring) -> GroupDocument.Value {
        let bare = text.drop { $0 == " " }
        if bare.hasPrefix("'"), bare.hasSuffix("'") { return .text(String(bare.dropFirst().dropLast())) }
        if bare.hasPrefix("["), bare.hasSuffix("]") {
            let items = bare.dropFirst().dropLast().split(separator: ";")
            return .list(items.map { GroupDocument(scalar($0), line: 1) })
        }
        if bare.isEmpty { return .null }
        return Int(bare) == nil ? .text(String(bare)) : .other(String(bare))
    }
}

/// Reads one node set without groups.
func read(_ text: String, limits: NodeSetLimits = NodeSetLimits()) throws(NodeSetError) -> NodeSet {
    var reader = NodeSetReader(limits: limits)
    return try reader.read(text)
}

/// The code that a node set is refused with; nil where it is read.
func refusal(of text: String, limits: NodeSetLimits = NodeSetLimits()) -> NodeSetError? {
    do throws(NodeSetError) {
        _ = try read(text, limits: limits)
        return nil
    } catch {
        return error
    }
}
