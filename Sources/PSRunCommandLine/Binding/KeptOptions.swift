/// What of a run's command line is kept, so that the run can be asked for once more.
package struct KeptOptions: Sendable, Hashable {
    /// Each an option with its value; paths of files are absolute.
    package private(set) var arguments: [String] = []
    /// Names of options that were given, as often as they were, and whose values may be secrets.
    package private(set) var withheld: [String] = []
    /// What hosts of a kind have in place of all that; the first one's number is 1.
    package var kinds: [KeptOptions] = []
    private var commandLine: [String] = []
    private var folder = "/"

    package init() {}

    /// - Parameters:
    ///   - commandLine: of a run, what follows the program's name. Of one that is not understood nothing is kept.
    ///   - configured: what files and the environment say besides, as options are typed.
    ///   - folder: the absolute path that relative ones begin at.
    package init(of commandLine: [String], configured: [String] = [], in folder: String) {
        (self.commandLine, self.folder) = (commandLine, folder)
        let isNamed = commandLine.first.flatMap(Verb.init(rawValue:)) != nil
        let typed = (isNamed ? Array(commandLine.dropFirst()) : commandLine) + configured
        var binder = Binder(.run)
        do { try binder.read(typed[...]) } catch { return }
        for given in binder.given where Self.isKept(given.option) {
            if Self.mayBeSecret(given.text, of: given.option) {
                withheld.append(GivenOption(given.option, "").name)
            } else {
                arguments.append(
                    GivenOption(given.option, Self.absolute(given.text, of: given.option, in: folder)).argument
                )
            }
        }
    }

    /// The same for hosts of a kind.
    /// - Parameter configured: what files and the environment say of them, as options are typed.
    package func ofKind(_ configured: [String]) -> KeptOptions {
        KeptOptions(of: commandLine, configured: configured, in: folder)
    }

    /// Kept options and others together.
    /// - Parameters:
    ///   - kept: as `arguments` has them.
    ///   - given: what was given now, which goes before what was kept of the same options.
    /// - Throws: UsageError, for what this version does not understand.
    package static func merged(_ kept: [String], with given: [GivenOption]) throws(UsageError) -> [String] {
        var reader = Binder(.run)
        try reader.read(kept[...])
        let keys = Set(given.map(\.key))
        let left = zip(kept, reader.given).filter { !keys.contains($0.1.option.setName) }.map(\.0)
        return left + given.map(\.argument)
    }

    /// The run that options ask for; without a playbook, and without hosts.
    /// - Parameter isLocal: whether targets whose names alone are known are this computer.
    /// - Throws: UsageError, for what this version does not understand.
    package static func run(_ arguments: [String], isLocal: Bool) throws(UsageError) -> RunInvocation {
        var binder = Binder(.run)
        try binder.read(arguments[...])
        return try binder.runWithoutTargets(isLocal: isLocal)
    }

    /// The same of hosts of one kind.
    /// - Throws: UsageError, for what this version does not understand.
    package static func choices(_ arguments: [String]) throws(UsageError) -> HostChoices {
        var binder = Binder(.run)
        try binder.read(arguments[...])
        return binder.choices
    }

    /// Options that name lines, which are recorded themselves; and those that say where, when or whether.
    private static let others: Set = [
        "command", "dry-run", "recordings", "cron", "splay", "shard", "quiet", "container-id", "vm-name", "vm-id",
        "vm-transport", "hypervisor",
    ]

    static func isKept(_ option: CommandOption) -> Bool {
        let isSelection = RunOptions.selection.contains { $0.name == option.name }
        return option.availability == .now && option.group != .output && !isSelection
            && !others.contains(option.long ?? "")
    }

    /// A command for a password may hold it; an expression for what is to be recorded nowhere may be it; and some write
    /// one where it does not belong.
    private static func mayBeSecret(_ value: String, of option: CommandOption) -> Bool {
        switch option.long {
        case "redact", "password-command": return true
        case "answer", "option", "session-option":
            let text = value.lowercased()
            return ["pass", "secret", "token", "pin", "key="].contains { text.contains($0) }
        default: return false
        }
    }

    /// A file's path from the root; `~` and `none` stay.
    private static func absolute(_ value: String, of option: CommandOption, in folder: String) -> String {
        guard [.file, .folder].contains(option.value.completion) else { return value }
        // REGEX=FILE
        let start = option.long == "answer-secret" ? value.firstIndex(of: "=").map(value.index(after:)) : nil
        let path = value[(start ?? value.startIndex)...]
        guard !path.isEmpty, !path.hasPrefix("/"), !path.hasPrefix("~"), path != "none" else { return value }
        return value[..<(start ?? value.startIndex)] + "\(folder)/\(path)"
    }
}
