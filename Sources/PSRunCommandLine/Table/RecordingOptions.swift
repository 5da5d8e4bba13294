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
        CommandOption(long: "instant", .flag, help: "Play without any pause.") { $0.replay.instant = $1 },
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
        folder { $0.show.recordings = $1 },
    ]

    static let recover: [CommandOption] = [
        folder { $0.recover.recordings = $1 }
    ]

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

    private static func format(
        store: @escaping @Sendable (inout Draft, ListInvocation.Format) -> Void
    ) -> CommandOption {
        CommandOption(long: "format", .choice("FORMAT"), help: "Print text (the default) or json.", store: store)
    }
}
