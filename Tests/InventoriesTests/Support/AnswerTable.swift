import PSRunTestSupport
import YAML

/// What Ansible answered, asked with the same files.
struct AnswerTable {
    let lines: [YAMLMap]

    init(_ name: String) throws {
        let path = "\(PackageRoot.path)/Tests/InventoriesTests/Fixtures/\(name).jsonl"
        lines = try contents(of: path).split(separator: 0x0A).compactMap { line in
            try YAMLReader.json(Array(line)).root.map
        }
    }
}

extension YAMLMap {
    /// The texts of a list, or of an object by its keys.
    func texts(_ key: String) -> [String] {
        self[key]?.list?.compactMap(\.string) ?? []
    }

    func textsByKey(_ key: String) -> [String: String] {
        var found: [String: String] = [:]
        for entry in self[key]?.map?.entries ?? [] {
            if let name = entry.key.string, let text = entry.value.string { found[name] = text }
        }
        return found
    }
}

/// A value as one text: objects by their keys, and what is equal alike.
func canonical(_ node: YAMLNode) -> String {
    switch node.value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .largeInteger(let digits): digits
    case .number(let value): "\(value)f"
    case .string(let text), .timestamp(let text): "'\(text)'"
    case .encrypted(let text): canonical([("__ansible_vault", "'\(text)'")])
    case .list(let items): "[\(items.map(canonical).joined(separator: ","))]"
    case .map(let map):
        canonical(
            map.entries.map { entry in
                (entry.key.string ?? entry.key.source ?? "", canonical(entry.value))
            }
        )
    }
}

func canonical(_ pairs: [(String, String)]) -> String {
    "{\(pairs.sorted { $0.0 < $1.0 }.map { "\($0.0):\($0.1)" }.joined(separator: ","))}"
}
