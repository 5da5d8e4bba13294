import YAML

/// Reads what `-i` names: a file, a program, a folder of them, or a list of hosts.
struct SourceReader {
    private let system: any InventorySystem
    private(set) var graph = InventoryGraph()
    /// How many files were read, for all sources.
    private var bytes = 0

    private static let skippedNames: Set = ["host_vars", "group_vars", "vars_plugins"]
    private static let skippedEndings = [
        ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry",
    ]
    private static let yamlEndings: Set = ["", ".yml", ".yaml", ".json"]

    init(_ system: any InventorySystem) {
        self.system = system
    }

    /// - Throws: `InventoryError`
    mutating func read(_ source: String) throws(InventoryError) {
        guard let kind = system.kind(of: source) else {
            guard source.contains(",") else {
                throw InventoryError(
                    .sourceMissing,
                    source,
                    "there is no such file or folder",
                    "mend the path; a list of hosts has a comma: -i '\(source),'"
                )
            }
            return try readList(source)
        }
        guard try read(source, kind, depth: 0) else {
            throw InventoryError(.sourceMissing, source, "the folder has no inventory in it", "mend the path")
        }
    }

    /// - Returns: false for a folder that has nothing to read.
    private mutating func read(_ path: String, _ kind: InventoryPathKind, depth: Int) throws(InventoryError) -> Bool {
        switch kind {
        case .folder: return try readFolder(path, depth: depth)
        case .file(let isExecutable):
            let text = try contents(path)
            guard !text.starts(with: AnsibleNames.vaultMark) else {
                throw InventoryError(
                    .unsupported,
                    path,
                    "it is encrypted with ansible-vault, which psrun does not open",
                    "give -i a program that runs ansible-inventory --list with the vault's password"
                )
            }
            if isExecutable, Self.isProgram(text) {
                try readProgram(path)
            } else {
                try readText(text, path)
            }
            return true
        }
    }

    private mutating func readFolder(_ path: String, depth: Int) throws(InventoryError) -> Bool {
        guard depth <= InventoryLimits.nesting else {
            throw InventoryError(
                .tooDeep,
                path,
                "folders stand in folders too deep",
                "look for a link to a folder above"
            )
        }
        if let danger = system.danger(of: path) {
            throw InventoryError(
                .sourceUnreadable,
                path,
                "the folder is not used: \(danger)",
                "look at what is in it first"
            )
        }
        let names: [String]
        do throws(InventorySystemFailure) {
            names = try system.names(in: path)
        } catch {
            throw InventoryError(.sourceUnreadable, path, "the folder cannot be read: \(error.reason)", "mend its mode")
        }
        var hasRead = false
        for name in names where !Self.isSkipped(name) {
            let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            guard let kind = system.kind(of: inner) else {
                throw InventoryError(.sourceMissing, inner, "the link leads nowhere", "mend it, or take it out")
            }
            let isRead = try read(inner, kind, depth: depth + 1)
            hasRead = hasRead || isRead
        }
        return hasRead
    }

    private static func isSkipped(_ name: String) -> Bool {
        name.hasPrefix(".") || skippedNames.contains(name) || skippedEndings.contains { name.hasSuffix($0) }
    }

    private mutating func contents(_ path: String) throws(InventoryError) -> [UInt8] {
        do throws(InventorySystemFailure) {
            let text = try system.read(path, limit: InventoryLimits.textBytes)
            bytes += text.count
            guard bytes <= InventoryLimits.textBytes else {
                throw InventorySystemFailure("all together are more than \(InventoryLimits.textBytes >> 20) MiB")
            }
            return text
        } catch {
            throw InventoryError(
                .sourceUnreadable,
                path,
                "it cannot be read: \(error.reason)",
                "mend the path or its mode"
            )
        }
    }

    /// What the kernel starts: others with the x bit are read as if they had none, which is what becomes of them for Ansible.
    private static func isProgram(_ text: [UInt8]) -> Bool {
        text.starts(with: Array("#!".utf8)) || text.starts(with: [0x7F] + Array("ELF".utf8))
    }

    private mutating func readProgram(_ path: String) throws(InventoryError) {
        let system = system
        try ProgramInventory.read(path, into: &graph) { (arguments) throws(InventoryError) in
            let end: InventoryProgramEnd
            do throws(InventorySystemFailure) {
                end = try system.run(path, arguments, limit: InventoryLimits.textBytes)
            } catch {
                throw InventoryError(
                    .programFailed,
                    path,
                    "the inventory program cannot be run: \(error.reason)",
                    "mend it; chmod -x where it is not a program"
                )
            }
            switch end {
            case .printed(let text): return text
            case .failed(let how, let said):
                let words = said.isEmpty ? "" : ", and said: \(said)"
                throw InventoryError(
                    .programFailed,
                    path,
                    "the inventory program \(how) with \(arguments.joined(separator: " "))\(words)",
                    "run it by hand; Ansible would go on without its hosts, and psrun does not"
                )
            }
        }
    }

    /// YAML where the name may be one of YAML's and the text is a mapping, else INI.
    private mutating func readText(_ text: [UInt8], _ path: String) throws(InventoryError) {
        let ending = PathEnding.of(path)
        guard ending != ".toml" else {
            throw InventoryError(
                .unsupported,
                path,
                "inventories in TOML are not read",
                "run: ansible-inventory -i \(path) --list --yaml"
            )
        }
        guard Self.yamlEndings.contains(ending) else { return try INIInventory.read(text, from: path, into: &graph) }
        let failure: YAMLFailure?
        switch Self.document(text) {
        case .success(let document):
            if let map = document.root.map, !map.isEmpty {
                warn(document.repeatedKeys, path)
                return try YAMLInventory.read(map, from: path, into: &graph)
            }
            let isList = document.root.list != nil
            failure =
                isList
                ? YAMLFailure(.invalidYAML, line: document.root.line, "it is a list, and not a mapping of groups") : nil
        case .failure(let problem): failure = problem
        }
        do throws(InventoryError) {
            try INIInventory.read(text, from: path, into: &graph)
        } catch {
            guard let failure, !ending.isEmpty || Self.looksLikeYAML(text) else { throw error }
            throw InventoryError(
                .invalidYAML,
                path,
                line: failure.line,
                "it is not an inventory in YAML: \(failure.reason)",
                "mend the line"
            )
        }
    }

    private static func document(_ text: [UInt8]) -> Result<YAMLDocument, YAMLFailure> {
        do throws(YAMLFailure) {
            return .success(try YAMLReader.jsonOrYAML(text, dialect: AnsibleNames.dialect))
        } catch {
            return .failure(error)
        }
    }

    private mutating func warn(_ keys: [YAMLDocument.RepeatedKey], _ path: String) {
        graph.warnings += keys.map { key in
            InventoryWarning(
                source: path,
                line: key.line,
                text: "the key '\(key.key)' stands twice; the last value counts"
            )
        }
    }

    private static func looksLikeYAML(_ text: [UInt8]) -> Bool {
        text.starts(with: Array("---".utf8)) || text.starts(with: Array("all:".utf8))
            || text.starts(with: Array("- ".utf8))
    }

    private mutating func readList(_ list: String) throws(InventoryError) {
        let place = InventoryPlace(source: list, line: nil)
        for part in list.split(separator: ",") {
            let text = PythonText.strip(part)
            guard !text.isEmpty else { continue }
            let address = HostAddress(text, hasRanges: false)
            if text.contains("["), address.port == nil, !text.hasPrefix("[") {
                let words = "'\(text)' is one name, as for Ansible: ranges of a list are not read"
                graph.warnings.append(place.warning("\(words); for them there is -w"))
            }
            guard graph.host(ExactText(address.host)) == nil else { continue }
            _ = try graph.addHost(address.host, to: InventoryGraph.ungrouped, port: address.port, place)
        }
    }
}

/// Endings of files' names.
enum PathEnding {
    /// With its dot; empty where there is none, or the name only begins with a dot (`os.path.splitext`).
    static func of(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), name[..<dot].contains(where: { $0 != "." }) else { return "" }
        return String(name[dot...])
    }
}
