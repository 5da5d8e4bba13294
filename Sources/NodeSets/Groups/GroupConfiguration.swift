/// Finds and reads the groups of a machine: groups.conf, the files of its folders, and group files.
///
/// Source: `GroupResolverConfig` and `config_paths` of ClusterShell 1.10.1.
package struct GroupConfiguration {
    private let system: any GroupSystem
    private var file = ConfigurationFile()
    private var sources: [GroupSource] = []
    private var skipped: [String] = []

    /// The folders that may hold groups.conf, the weakest first.
    /// - Parameters:
    ///   - home: the home folder; nil where there is none.
    ///   - environment: `XDG_CONFIG_HOME` and `CLUSTERSHELL_CFGDIR` count.
    package static func folders(home: String?, environment: [String: String]) -> [String] {
        var folders = ["/etc/clustershell"]
        if let home { folders.append("\(home)/.local/etc/clustershell") }
        if let config = environment["XDG_CONFIG_HOME"], !config.isEmpty {
            folders.append("\(config)/clustershell")
        } else if let home {
            folders.append("\(home)/.config/clustershell")
        }
        if let folder = environment["CLUSTERSHELL_CFGDIR"], !folder.isEmpty { folders.append(folder) }
        return folders
    }

    /// Reads what the folders hold. Options of a later folder's groups.conf win; `$CFGDIR` is the last one that has it.
    /// - Returns: a resolver without groups where no folder has groups.conf.
    /// - Throws: `configuration`, `unreadable`, `textTooLong`: with file and line.
    package static func resolver(
        folders: [String],
        system: any GroupSystem
    ) throws(NodeSetError) -> GroupResolver {
        var configuration = GroupConfiguration(system: system)
        var last: String?
        for folder in folders {
            let path = "\(folder)/groups.conf"
            guard let text = try configuration.text(of: path, mayBeForbidden: false) else { continue }
            try configuration.checkDanger(of: path, isFolder: false)
            try configuration.file.read(text, from: path)
            last = folder
        }
        guard let last else {
            let places = folders.joined(separator: ", ")
            return GroupResolver(remarks: " It was looked for in: \(places).", system: system)
        }
        return try configuration.resolver(in: last)
    }

    private init(system: any GroupSystem) {
        self.system = system
    }

    private mutating func resolver(in folder: String) throws(NodeSetError) -> GroupResolver {
        for path in try paths(file.option("groupsdir", in: "Main") ?? file.option("confdir", in: "Main"), folder) {
            let files = try names(in: path, ending: ".conf")
            if !files.isEmpty { try checkDanger(of: path, isFolder: true) }
            for name in files {
                guard let text = try text(of: name, mayBeForbidden: true) else { continue }
                try checkDanger(of: name, isFolder: false)
                var part = ConfigurationFile()
                try part.read(text, from: name)
                try add(part, folder: path)
            }
        }
        for path in try paths(file.option("autodir", in: "Main"), folder) {
            for name in try names(in: path, ending: ".yaml") {
                guard let text = try text(of: name, mayBeForbidden: true) else { continue }
                for source in try GroupFile.sources(try document(text, name), from: name) { try add(source) }
            }
        }
        try add(file, folder: folder)
        let named = try file.option("default", in: "Main").map { option throws(NodeSetError) in
            (name: try Interpolation.value(of: option, in: file), option)
        }
        if let (name, option) = named, !name.isEmpty, !sources.contains(where: { $0.name == name }) {
            let known = sources.map(\.name).joined(separator: ", ")
            throw fault(option, "the default group source \(quoted(name)) is not there; there are: \(known)")
        }
        let remarks = skipped.isEmpty ? "" : " Files that you may not read: \(skipped.joined(separator: ", "))."
        let name = named.flatMap { $0.name.isEmpty ? nil : $0.name }
        return GroupResolver(sources: sources, defaultName: name, remarks: remarks, system: system)
    }

    private mutating func add(_ part: ConfigurationFile, folder: String) throws(NodeSetError) {
        for section in part.sections {
            for name in section.name.split(separator: ",", omittingEmptySubsequences: false) where name != "Main" {
                var lines: [Upcalls.Kind: String] = [:]
                for kind in Upcalls.Kind.allCases {
                    lines[kind] = part.option(kind.rawValue, in: section.name)?.value
                }
                let place = section.options.values.min { $0.line < $1.line }
                guard lines[.map] != nil || lines[.mapall] != nil else {
                    throw NodeSetError(
                        .configuration,
                        "\(place?.file ?? folder): the section [\(section.name)] has neither 'map' nor 'mapall'."
                    )
                }
                // An option that stands there empty is as if it were not there.
                let upcalls = Upcalls(lines: lines.filter { !$0.value.isEmpty }, folder: folder)
                try add(GroupSource(name: String(name), file: place?.file ?? folder, groups: .upcalls(upcalls)))
            }
        }
    }

    private mutating func add(_ source: GroupSource) throws(NodeSetError) {
        if let other = sources.first(where: { $0.name == source.name }) {
            throw NodeSetError(
                .configuration,
                "\(source.file): the group source \(quoted(source.name)) is in \(other.file) too; rename one."
            )
        }
        sources.append(source)
    }
}

// MARK: Files

extension GroupConfiguration {
    /// Folders that an option names, each once.
    private func paths(_ option: ConfigurationFile.Option?, _ folder: String) throws(NodeSetError) -> [String] {
        guard let option else { return [] }
        guard let words = ShellWords.split(try Interpolation.value(of: option, in: file)) else {
            throw fault(option, "a quote is not closed")
        }
        var paths: [String] = []
        for word in words {
            let path = ShellWords.normalized(Upcalls.substitute(["CFGDIR": folder], in: word))
            if !paths.contains(path) { paths.append(path) }
        }
        return paths
    }

    /// The paths of a folder's files with an ending, in order, without those that begin with a dot.
    private func names(in folder: String, ending: String) throws(NodeSetError) -> [String] {
        do throws(GroupFailure) {
            let names = try system.names(in: folder) ?? []
            return names.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(folder)/\($0)" }
        } catch {
            throw NodeSetError(.unreadable, "the group folder \(folder) cannot be read: \(error.reason).")
        }
    }

    private mutating func text(of path: String, mayBeForbidden: Bool) throws(NodeSetError) -> String? {
        do throws(GroupFailure) {
            return try system.text(of: path)
        } catch {
            // ClusterShell skips such a file; whoever needs a group of it is told.
            guard mayBeForbidden, error.isForbidden else {
                throw NodeSetError(.unreadable, "\(path) cannot be read: \(error.reason).")
            }
            skipped.append(path)
            return nil
        }
    }

    /// These files name commands.
    private func checkDanger(of path: String, isFolder: Bool) throws(NodeSetError) {
        guard let danger = system.danger(of: path, isFolder: isFolder) else { return }
        throw NodeSetError(.unreadable, "\(path) is not used: \(danger).")
    }

    private func document(_ text: String, _ path: String) throws(NodeSetError) -> GroupDocument {
        do throws(GroupFailure) {
            return try system.document(text)
        } catch {
            let place = error.line.map { ", line \($0)" } ?? ""
            throw NodeSetError(.configuration, "\(path)\(place): it is not YAML: \(error.reason).")
        }
    }

    private func fault(_ option: ConfigurationFile.Option, _ why: String) -> NodeSetError {
        NodeSetError(.configuration, "\(option.file), line \(option.line): \(why).")
    }
}
