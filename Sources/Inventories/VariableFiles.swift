import YAML

/// The variables of groups and hosts that stand in files: `group_vars` and `host_vars` beside the inventories.
final class VariableFiles {
    enum Kind: String {
        case group = "group_vars"
        case host = "host_vars"
    }

    private let system: any InventorySystem
    /// The folders that have them: those of the inventories, in their order, and the run's own.
    private let inventories: [String]
    private let play: String?
    /// What a folder of variables holds; nil where there is none.
    private var folders: [String: Set<ExactText>?] = [:]
    private var variables: [String: InventoryVariables] = [:]
    private(set) var warnings: [InventoryWarning] = []

    private static let endings = ["", ".yml", ".yaml", ".json"]

    /// - Parameter play: the folder of the playbook, or the current one; nil for none.
    init(_ system: any InventorySystem, sources: [String], play: String?) {
        self.system = system
        inventories = sources.compactMap { source in
            switch system.kind(of: source) {
            case .folder: return source
            case .file: return Self.parent(of: source)
            case nil: return source.contains(",") ? nil : Self.parent(of: source)
            }
        }
        self.play = play
    }

    /// Beside the inventories, a later one's over an earlier one's; of one inventory's a later name's.
    func beside(_ kind: Kind, _ names: [ExactText]) throws(InventoryError) -> InventoryVariables {
        var found: InventoryVariables = [:]
        for folder in inventories where try hasFiles(kind, in: folder) {
            for name in names { found.merge(try read(kind, name, in: folder)) { _, new in new } }
        }
        return found
    }

    /// Beside the playbook.
    func besidePlay(_ kind: Kind, _ names: [ExactText]) throws(InventoryError) -> InventoryVariables {
        var found: InventoryVariables = [:]
        guard let play, try hasFiles(kind, in: play) else { return found }
        for name in names { found.merge(try read(kind, name, in: play)) { _, new in new } }
        return found
    }

    private func hasFiles(_ kind: Kind, in folder: String) throws(InventoryError) -> Bool {
        try names(in: Self.join(folder, kind.rawValue)) != nil
    }

    private func read(_ kind: Kind, _ name: ExactText, in folder: String) throws(InventoryError) -> InventoryVariables {
        let folder = Self.join(folder, kind.rawValue)
        // A host that is named by a path is not one of files.
        guard let names = try names(in: folder), !name.text.hasPrefix("/") else { return [:] }
        var found: InventoryVariables = [:]
        for ending in Self.endings {
            let file = name.text + ending
            // Where it has a slash it stands in a folder below.
            guard file.contains("/") || names.contains(ExactText(file)) else { continue }
            let path = Self.join(folder, file)
            switch system.kind(of: path) {
            case nil: continue
            case .file: try add(path, to: &found)
            case .folder: try addFolder(path, to: &found, depth: 0)
            }
            return found
        }
        return found
    }

    private func names(in folder: String) throws(InventoryError) -> Set<ExactText>? {
        if let known = folders[folder] { return known }
        var names: Set<ExactText>?
        if system.kind(of: folder) == .folder { names = Set(try list(folder).map(ExactText.init)) }
        folders[folder] = .some(names)
        return names
    }

    private func list(_ folder: String) throws(InventoryError) -> [String] {
        do throws(InventorySystemFailure) {
            return try system.names(in: folder)
        } catch {
            throw InventoryError(
                .sourceUnreadable,
                folder,
                "the folder cannot be read: \(error.reason)",
                "mend its mode"
            )
        }
    }

    private func addFolder(_ folder: String, to found: inout InventoryVariables, depth: Int) throws(InventoryError) {
        guard depth < InventoryLimits.nesting else {
            throw InventoryError(
                .tooDeep,
                folder,
                "folders stand in folders too deep",
                "look for a link to a folder above"
            )
        }
        for name in try list(folder) where !name.hasPrefix(".") && !name.hasSuffix("~") {
            let path = Self.join(folder, name)
            let ending = PathEnding.of(name)
            switch system.kind(of: path) {
            case .folder where ending.isEmpty: try addFolder(path, to: &found, depth: depth + 1)
            case .file where Self.endings.contains(ending): try add(path, to: &found)
            default: continue
            }
        }
    }

    private func add(_ path: String, to found: inout InventoryVariables) throws(InventoryError) {
        let more: InventoryVariables
        if let known = variables[path] {
            more = known
        } else {
            more = try read(path)
            variables[path] = more
        }
        found.merge(more) { _, new in new }
    }

    private func read(_ path: String) throws(InventoryError) -> InventoryVariables {
        let text: [UInt8]
        do throws(InventorySystemFailure) {
            text = try system.read(path, limit: InventoryLimits.textBytes)
        } catch {
            throw InventoryError(.sourceUnreadable, path, "it cannot be read: \(error.reason)", "mend its mode")
        }
        guard !text.starts(with: AnsibleNames.vaultMark) else {
            throw InventoryError(
                .invalidVariables,
                path,
                "it is encrypted with ansible-vault, which psrun does not open",
                "give -i a program that runs ansible-inventory --list with the vault's password"
            )
        }
        let document: YAMLDocument
        do throws(YAMLFailure) {
            document = try YAMLReader.jsonOrYAML(text, dialect: AnsibleNames.dialect)
        } catch {
            throw InventoryError(
                .invalidVariables,
                path,
                line: error.line,
                "it is not YAML: \(error.reason)",
                "mend the line"
            )
        }
        let root = document.root
        guard !root.isFalsy else { return [:] }
        guard let map = root.map else {
            throw InventoryError(
                .invalidVariables,
                path,
                line: root.line,
                "it is \(root.kind), and not a mapping of variables",
                "write 'name: value' on each line"
            )
        }
        warnings += document.repeatedKeys.map { key in
            InventoryWarning(
                source: path,
                line: key.line,
                text: "the key '\(key.key)' stands twice; the last value counts"
            )
        }
        var found: InventoryVariables = [:]
        for entry in map.entries {
            found[entry.key.keyText] = InventoryVariable(node: entry.value, source: path)
        }
        return found
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
