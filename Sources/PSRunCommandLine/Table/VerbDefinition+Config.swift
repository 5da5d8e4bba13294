extension VerbDefinition {
    static let config = VerbDefinition(
        verb: .config,
        operand: Operand(
            placeholder: "ACTION",
            isRequired: true,
            completion: .words(ConfigInvocation.Action.allCases.map(\.rawValue)),
            help: "show prints what is set and where each value comes from; keys prints what can be set."
        ),
        options: [
            CommandOption(long: "host", .oneHost, help: "Print what counts for this host, groups included.") {
                $0.config.host = $1
            },
            CommandOption(
                long: "inventory",
                short: "i",
                .text("INVENTORY", completes: .file),
                isRepeatable: true,
                help: "Look up the host's groups in this Ansible inventory."
            ) { $0.config.inventories.append($1) },
            RecordingOptions.format { $0.config.format = $1 },
        ],
        summary: "print the configuration, and where each value comes from",
        help: """
            Prints what configuration files and environment variables set. Of what is set in several places the first \
            of these counts: the command line, the environment, the project's file, the user's file, the system's files.
            """
    ) { (draft, name) throws(UsageError) in
        let names = ConfigInvocation.Action.allCases.map(\.rawValue)
        guard let name, let action = ConfigInvocation.Action(rawValue: name) else {
            throw UsageError(
                .invalidArgument,
                "'psrun config' has no '\(printable(name ?? ""))'; it has \(listed(names))."
            )
        }
        var config = draft.config
        config.action = action
        guard config.inventories.isEmpty || config.host != nil else {
            throw UsageError(.missingParameter, "-i tells the groups of a host: give --host as well.")
        }
        return .config(config)
    }
}

extension ValueType<HostName?> {
    fileprivate static let oneHost = ValueType("[USER@]HOST[:PORT]") { (text) throws(ValueError) in
        do throws(UsageError) {
            return try HostName.parse(text)
        } catch {
            throw ValueError(why: error.message, code: error.code)
        }
    }
}
