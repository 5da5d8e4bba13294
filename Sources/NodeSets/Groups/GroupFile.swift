/// Reads a YAML group file of `autodir`: sources, each with groups, each with a node set or a list of them.
enum GroupFile {
    /// - Throws: `configuration`, with file and line, where it has another form, or a name twice.
    static func sources(_ document: GroupDocument, from file: String) throws(NodeSetError) -> [GroupSource] {
        var sources: [GroupSource] = []
        for (key, value) in try entries(document, of: "the file", in: file) {
            let name = try text(key, "a group source's name", in: file)
            guard !sources.contains(where: { $0.name == name }) else {
                throw fault(key, file, "the group source \(quoted(name)) stands twice")
            }
            var groups: [String: String] = [:]
            for (groupKey, nodes) in try entries(value, of: "group source \(name)", in: file) {
                let group = try text(groupKey, "a group's name", in: file)
                guard groups[group] == nil else {
                    throw fault(
                        groupKey,
                        file,
                        "the group \(quoted(group)) stands twice; the first one's nodes would be lost"
                    )
                }
                groups[group] = try nodeText(nodes, of: group, in: file)
            }
            sources.append(GroupSource(name: name, file: file, groups: .file(groups)))
        }
        return sources
    }

    private static func entries(
        _ document: GroupDocument,
        of what: String,
        in file: String
    ) throws(NodeSetError) -> [(key: GroupDocument, value: GroupDocument)] {
        guard case .map(let entries) = document.value else {
            throw fault(document, file, "\(what) is not a mapping; write 'source:', and under it 'group: nodes'")
        }
        return entries
    }

    private static func nodeText(
        _ document: GroupDocument,
        of group: String,
        in file: String
    ) throws(NodeSetError) -> String {
        switch document.value {
        case .null: return ""
        case .list(let items):
            var texts: [String] = []
            for item in items { texts.append(try text(item, "a node of \(group)", in: file)) }
            return texts.joined(separator: ",")
        default: return try text(document, "the nodes of \(group)", in: file)
        }
    }

    private static func text(
        _ document: GroupDocument,
        _ what: String,
        in file: String
    ) throws(NodeSetError) -> String {
        switch document.value {
        case .text(let text): return text
        case .other(let text):
            throw fault(document, file, "\(what), \(quoted(text)), is not text to YAML; put it in quotes")
        default: throw fault(document, file, "\(what) is not text")
        }
    }

    private static func fault(_ document: GroupDocument, _ file: String, _ why: String) -> NodeSetError {
        NodeSetError(.configuration, "\(file), line \(document.line): \(why).")
    }
}
