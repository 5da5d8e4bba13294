package import Configuration
package import YAML

extension ConfigurationNode {
    /// A value of a YAML text: numbers, days and truth values as they are written.
    package init(_ node: YAMLNode) {
        let value: Value =
            switch node.value {
            case .null: .nothing
            case .boolean(let truth): .truth(truth, written: node.source ?? "\(truth)")
            case .string(let text): .text(text)
            case .integer, .largeInteger, .number, .timestamp: .text(node.source ?? "")
            case .encrypted: .other(node.kind)
            case .list(let items): .list(items.map(ConfigurationNode.init))
            case .map(let map):
                .map(map.entries.map { Entry(key: ConfigurationNode($0.key), value: ConfigurationNode($0.value)) })
            }
        self.init(value, line: node.line, column: node.column)
    }

    /// A configuration file's text.
    /// - Throws: ConfigurationError where it is not YAML, or a key stands twice in one mapping.
    package static func read(_ text: [UInt8], path: String) throws(ConfigurationError) -> ConfigurationNode {
        let document: YAMLDocument
        do throws(YAMLFailure) {
            document = try YAMLReader.yaml(text)
        } catch {
            let place = FilePlace(path: path, line: error.line, column: max(error.column, 1))
            throw ConfigurationError(
                .notYAML,
                .file(place),
                "\(error.reason).\(hint(text, line: error.line))"
            )
        }
        if let repeated = document.repeatedKeys.first {
            let place = FilePlace(path: path, line: repeated.line, column: repeated.column)
            throw ConfigurationError(
                .repeatedKey,
                .file(place),
                "'\(repeated.key)' stands twice in one mapping, and only one of them could count; remove one."
            )
        }
        return ConfigurationNode(document.root)
    }

    /// What a line that begins with a sign of YAML's most likely lacks.
    private static func hint(_ text: [UInt8], line: Int) -> String {
        let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: max(line, 1), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return "" }
        let first = lines[line - 1].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }.first
        guard let first, "*@!&%[{`".utf8.contains(first) else { return "" }
        let sign = String(decoding: [first], as: UTF8.self)
        return " What begins with '\(sign)' stands in quotes: '\(sign)…'."
    }
}
