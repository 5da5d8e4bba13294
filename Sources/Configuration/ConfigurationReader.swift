import PSRunCommandLine

/// Reads what a configuration file holds, key by key. Everything in it is checked, whatever verb it is read for.
package struct ConfigurationReader {
    private let kind: ConfigurationLayer.Kind
    private let path: String
    /// Whether a project's file may set everything.
    private let isTrusted: Bool
    /// Makes a path in the file one from the root.
    private let resolve: (String) -> String

    /// Settings of a file, all groups together.
    package static let mostValues = 10_000
    /// `hosts`, and the folders whose projects are trusted.
    static let hostsKey = "hosts"
    static let trustKey = "trusted-projects"

    /// - Parameter resolve: makes a path from the root of one that begins with `~` or at the file's own folder.
    package init(
        _ kind: ConfigurationLayer.Kind,
        path: String,
        isTrusted: Bool,
        resolve: @escaping (String) -> String
    ) {
        self.kind = kind
        self.path = path
        self.isTrusted = isTrusted
        self.resolve = resolve
    }

    /// - Throws: ConfigurationError for the first thing in the file that cannot be used.
    package func read(_ root: ConfigurationNode) throws(ConfigurationError) -> ConfigurationLayer {
        var layer = ConfigurationLayer(kind, path: path)
        if case .nothing = root.value { return layer }
        for entry in try entries(of: root, "a configuration file is a mapping, such as 'fanout: 64'") {
            switch try name(of: entry) {
            case Self.hostsKey: layer.groups = try groups(entry.value)
            case Self.trustKey: layer.trustedProjects = try trusted(entry)
            case let key: layer.general.append(try value(key, entry, hosts: nil))
            }
        }
        try checkSlots(layer.general)
        let count = layer.groups.reduce(layer.general.count) { $0 + $1.values.count }
        guard count <= Self.mostValues else {
            throw error(.wrongShape, root, "it sets more than \(Self.mostValues) values, the most of one file.")
        }
        return layer
    }

    // MARK: Parts

    private func groups(_ node: ConfigurationNode) throws(ConfigurationError) -> [HostGroup] {
        if case .nothing = node.value { return [] }
        var groups: [HostGroup] = []
        for entry in try entries(of: node, "hosts is a mapping of patterns, such as 'web[01-64]', to settings") {
            let text = try name(of: entry)
            let patterns: HostPatterns
            do throws(HostPatterns.Malformed) {
                patterns = try HostPatterns(text)
            } catch {
                throw self.error(
                    .invalidPattern,
                    entry.key,
                    "'\(printable(text))' does not say which hosts are meant: \(error.reason)."
                )
            }
            var values: [ConfiguredValue] = []
            if case .nothing = entry.value.value {
            } else {
                for setting in try entries(of: entry.value, "each pattern is followed by a mapping of settings") {
                    values.append(try value(try name(of: setting), setting, hosts: text))
                }
            }
            try checkSlots(values)
            groups.append(HostGroup(patterns: patterns, place: place(of: entry.key), values: values))
        }
        return groups
    }

    private func trusted(_ entry: ConfigurationNode.Entry) throws(ConfigurationError) -> [String] {
        guard kind == .user || kind == .system else {
            throw error(.notTrusted, entry.key, "a project cannot say that it is trusted; the user's file can.")
        }
        return try texts(of: entry.value, of: Self.trustKey).map(resolve)
    }

    private func value(
        _ key: String,
        _ entry: ConfigurationNode.Entry,
        hosts: String?
    ) throws(ConfigurationError) -> ConfiguredValue {
        guard let setting = Setting.of(key: key) else { throw unknown(key, entry.key, isForHosts: hosts != nil) }
        if hosts != nil, setting.reach == .run {
            throw error(.notForHosts, entry.key, "\(key) is for the run as a whole; set it outside of hosts.")
        }
        if kind == .project, !isTrusted, let danger = setting.danger {
            throw error(
                .notTrusted,
                entry.key,
                "a project's file must not set \(key), since \(danger.rawValue). If you trust this project, name its "
                    + "folder in \(Self.trustKey) of your own configuration file."
            )
        }
        var texts: [String] = []
        for (text, node) in try self.texts(of: setting, entry.value) {
            let text = SettingPaths.resolved(text, of: setting, resolve)
            do throws(UsageError) {
                try setting.check(text)
            } catch {
                throw self.error(.invalidValue, node, error.message)
            }
            texts.append(text)
        }
        return ConfiguredValue(
            key: key,
            slot: setting.slot,
            texts: texts,
            origin: .file(place(of: entry.key)),
            layer: kind,
            hosts: hosts
        )
    }

    /// Two settings of one slot beside each other contradict each other.
    private func checkSlots(_ values: [ConfiguredValue]) throws(ConfigurationError) {
        var seen: [String: ConfiguredValue] = [:]
        for value in values {
            if let other = seen.updateValue(value, forKey: value.slot) {
                throw ConfigurationError(
                    .contradiction,
                    value.origin,
                    "\(other.key) and \(value.key) say the same thing; keep one of them."
                )
            }
        }
    }

    // MARK: Values

    private func texts(
        of setting: Setting,
        _ node: ConfigurationNode
    ) throws(ConfigurationError) -> [(String, ConfigurationNode)] {
        guard setting.option.isRepeatable else { return [(try text(of: node, setting), node)] }
        switch node.value {
        case .list(let items):
            var texts: [(String, ConfigurationNode)] = []
            for item in items { texts.append((try text(of: item, setting), item)) }
            return texts
        case .map(let entries) where setting.takesPairs:
            var texts: [(String, ConfigurationNode)] = []
            for entry in entries {
                let name = try name(of: entry)
                guard !name.contains("=") else {
                    throw error(.invalidValue, entry.key, "a name with '=' is written in a list, as 'NAME=VALUE'.")
                }
                texts.append(("\(name)=\(try text(of: entry.value, setting))", entry.value))
            }
            return texts
        default: return [(try text(of: node, setting), node)]
        }
    }

    private func text(of node: ConfigurationNode, _ setting: Setting) throws(ConfigurationError) -> String {
        let placeholder = setting.option.value.placeholder ?? "true or false"
        switch node.value {
        case .text(let text): return text
        case .truth(let truth, let written): return setting.option.value.isSwitch ? "\(truth)" : written
        case .nothing:
            throw error(.invalidValue, node, "\(setting.key) has no value; give \(placeholder), or remove the line.")
        case .list, .map, .other:
            let list = setting.option.isRepeatable ? "a list of \(placeholder)" : placeholder
            throw error(.invalidValue, node, "\(setting.key) takes \(list), and this is \(node.kind).")
        }
    }

    private func texts(of node: ConfigurationNode, of key: String) throws(ConfigurationError) -> [String] {
        let items: [ConfigurationNode] = if case .list(let items) = node.value { items } else { [node] }
        var texts: [String] = []
        for item in items {
            guard case .text(let text) = item.value, !text.isEmpty else {
                throw error(.invalidValue, item, "\(key) takes a list of folders, and this is \(item.kind).")
            }
            texts.append(text)
        }
        return texts
    }

    private func entries(
        of node: ConfigurationNode,
        _ rule: String
    ) throws(ConfigurationError) -> [ConfigurationNode.Entry] {
        guard case .map(let entries) = node.value else {
            throw error(.wrongShape, node, "\(rule); this is \(node.kind).")
        }
        return entries
    }

    private func name(of entry: ConfigurationNode.Entry) throws(ConfigurationError) -> String {
        switch entry.key.value {
        case .text(let text): return text
        case .truth(_, let written): return written
        default: throw error(.wrongShape, entry.key, "a name is a text, and this is \(entry.key.kind).")
        }
    }

    // MARK: Errors

    private func place(of node: ConfigurationNode) -> FilePlace {
        FilePlace(path: path, line: node.line, column: node.column)
    }

    private func error(
        _ code: ConfigurationError.Code,
        _ node: ConfigurationNode,
        _ text: String
    ) -> ConfigurationError {
        ConfigurationError(code, .file(place(of: node)), text)
    }

    private func unknown(_ key: String, _ node: ConfigurationNode, isForHosts: Bool) -> ConfigurationError {
        let (code, text) = UnknownKey.reason(key, isForHosts: isForHosts)
        return error(code, node, text)
    }
}

extension Setting {
    /// Whether its values are `NAME=VALUE`, which a mapping can say as well.
    fileprivate var takesPairs: Bool { option.value.placeholder?.contains("=") == true }
}
