/// The rows of the verbs that read recordings.
enum RecordingOptions {
    static let replay: [CommandOption] = [
        CommandOption(
            long: "host",
            .text("HOST"),
            help: "Play this target only: its host part, or the whole target."
        ) { $0.replay.host = $1 },
        CommandOption(long: "speed", .factor, help: "Play FACTOR times as fast.") { $0.replay.speed = $1 },
        CommandOption(long: "idle-limit", .durationOrZero, help: "Shorten every longer pause to TIME.") {
            $0.replay.idleLimit = $1
        },
        CommandOption(long: "instant", .flag, help: "Print all of it at once, at a terminal too.") {
            $0.replay.instant = $1
        },
        accessLog { $0.replay.keepsAccessLog = $1 },
        folder { $0.replay.recordings = $1 },
    ]

    static let follow: [CommandOption] = [
        CommandOption(
            long: "host",
            .text("HOST"),
            help: "Follow this target only: its host part, or the whole target."
        ) { $0.follow.host = $1 },
        folder { $0.follow.recordings = $1 },
    ]

    static let list: [CommandOption] = [
        CommandOption(long: "since", .pastMoment, help: SearchOptions.sinceHelp) { $0.list.selection.since = $1 },
        CommandOption(long: "until", .pastMoment, help: SearchOptions.untilHelp) { $0.list.selection.until = $1 },
        CommandOption(long: "playbook", .text("NAME"), help: "Only runs of this playbook.") {
            $0.list.selection.playbook = $1
        },
        format { $0.list.format = $1 },
        folder { $0.list.recordings = $1 },
    ]

    static let show: [CommandOption] = [
        CommandOption(
            long: "host",
            .text("HOST"),
            help: "Show this target only: its host part, or the whole target."
        ) { $0.show.host = $1 },
        format { $0.show.format = $1 },
        accessLog { $0.show.keepsAccessLog = $1 },
        folder { $0.show.recordings = $1 },
    ]

    static let recover: [CommandOption] = [
        signKey { $0.recover.seal.signKey = $1 },
        headToSyslog { $0.recover.seal.headToSyslog = $1 },
        folder { $0.recover.recordings = $1 },
    ]

    static let prune: [CommandOption] = [
        CommandOption(long: "keep", .age, help: "Keep what began this long ago or later, as 90d. There is no default.")
        {
            $0.prune.keepSeconds = $1
        },
        CommandOption(long: "dry-run", short: "n", .flag, help: "Tell what would go; change nothing.") {
            $0.prune.dryRun = $1
        },
        signKey { $0.prune.seal.signKey = $1 },
        headToSyslog { $0.prune.seal.headToSyslog = $1 },
        folder { $0.prune.recordings = $1 },
    ]

    static func signKey(
        in group: CommandOption.Group = .general,
        store: @escaping @Sendable (inout Draft, String) -> Void
    ) -> CommandOption {
        CommandOption(
            long: "sign-key",
            .file,
            in: group,
            help: """
                Sign by this SSH key: a private key without a passphrase, or the .pub file of one that the ssh-agent \
                holds.
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
            help: "Do not note in chain.log who reads the recording: for media that can't be written."
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
                The recordings folder. Otherwise $PSRUN_RECORDINGS, ./recordings where it exists, or \
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
