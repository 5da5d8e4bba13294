/// The rows that several verbs have.
extension RecordingOptions {
    /// - Parameter lead: what the verb does to it, without the full stop.
    static func host(
        _ lead: String,
        isRepeatable: Bool = false,
        store: @escaping @Sendable (inout Draft, String) -> Void
    ) -> CommandOption {
        CommandOption(
            long: "host",
            .text("HOST", completes: .hosts),
            isRepeatable: isRepeatable,
            help: "\(lead): its host part, or the whole target.",
            store: store
        )
    }

    /// Which runs are meant where none is named.
    static func selection(_ place: any WritableKeyPath<Draft, RunSelection> & Sendable) -> [CommandOption] {
        [
            CommandOption(
                long: "since",
                .pastMoment,
                help: """
                    Only runs that began at this time or later: a day (2026-11-22) or a time (2026-11-22T02:00Z), both in \
                    UTC, or how long ago (12h, 30d).
                    """
            ) { $0[keyPath: place].since = $1 },
            CommandOption(
                long: "until",
                .pastMoment,
                help: "Only runs that began at this time or earlier; a day means the end of that day."
            ) { $0[keyPath: place].until = $1 },
            CommandOption(long: "playbook", .text("NAME"), help: "Only runs of this playbook.") {
                $0[keyPath: place].playbook = $1
            },
        ]
    }

    static func signKey(
        in group: CommandOption.Group = .general,
        store: @escaping @Sendable (inout Draft, String) -> Void
    ) -> CommandOption {
        CommandOption(
            long: "sign-key",
            .file,
            in: group,
            help: """
                Sign with this SSH key: a private key without a passphrase, or the .pub file of a key that the \
                ssh-agent holds.
                """,
            store: store
        )
    }

    static func headToSyslog(
        in group: CommandOption.Group = .general,
        store: @escaping @Sendable (inout Draft, Bool) -> Void
    ) -> CommandOption {
        CommandOption(
            long: "head-to-syslog",
            .flag,
            in: group,
            help: "Write the chain's new head to the system's log, for 'psrun verify --head'.",
            store: store
        )
    }

    static func accessLog(store: @escaping @Sendable (inout Draft, Bool) -> Void) -> CommandOption {
        CommandOption(
            long: "no-access-log",
            .flag,
            help: "Do not note this reading of the recording in chain.log: for a copy, and on read-only media."
        ) { store(&$0, !$1) }
    }

    static func folder(
        in group: CommandOption.Group = .general,
        store: @escaping @Sendable (inout Draft, String) -> Void
    ) -> CommandOption {
        CommandOption(
            long: "recordings",
            .folder,
            in: group,
            help: """
                The recordings folder. The default is $PSRUN_RECORDINGS, ./recordings if it exists, or \
                $XDG_STATE_HOME/psrun/recordings.
                """,
            store: store
        )
    }

    static func format(
        store: @escaping @Sendable (inout Draft, ListInvocation.Format) -> Void
    ) -> CommandOption {
        CommandOption(long: "format", .choice("FORMAT"), help: "Print text (the default) or json.", store: store)
    }
}

extension VerbDefinition {
    static func recordedRun(isRequired: Bool) -> Operand {
        Operand(
            placeholder: "RUN",
            isRequired: isRequired,
            completion: .runs,
            help: """
                A run's folder, a unique part of its name, last, or last~1 for the one before; disk~0 is the newest of disk.
                """
        )
    }
}
