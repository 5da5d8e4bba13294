/// The rows of the verbs that read recordings.
enum RecordingOptions {
    static let replay: [CommandOption] = [
        host("Play this target only") { $0.replay.host = $1 },
        CommandOption(long: "speed", .factor, help: "Play FACTOR times as fast.") { $0.replay.speed = $1 },
        CommandOption(long: "idle-limit", .durationOrZero, help: "Shorten every longer pause to TIME.") {
            $0.replay.idleLimit = $1
        },
        CommandOption(long: "instant", .flag, help: "Print everything at once, even at a terminal.") {
            $0.replay.instant = $1
        },
        accessLog { $0.replay.keepsAccessLog = $1 },
        folder { $0.replay.recordings = $1 },
    ]

    static let follow: [CommandOption] = [
        host("Follow this target only") { $0.follow.host = $1 },
        folder { $0.follow.recordings = $1 },
    ]

    static let list: [CommandOption] =
        selection(\.list.selection) + [
            CommandOption(long: "limit", .runCount, help: "Only the newest N runs of those.") { $0.list.limit = $1 },
            CommandOption(
                long: "failed",
                .flag,
                help: "Only runs that did not go well on all targets, were killed, or are damaged."
            ) { $0.list.failedOnly = $1 },
            host("Only runs that had this target", isRepeatable: true) { $0.list.hosts.append($1) },
            format { $0.list.format = $1 },
            folder { $0.list.recordings = $1 },
        ]

    static let show: [CommandOption] = [
        host("Show this target only") { $0.show.host = $1 },
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
        CommandOption(
            long: "keep",
            .age,
            help: "Keep runs that began less than this long ago, such as 90d. There is no default."
        ) {
            $0.prune.keepSeconds = $1
        },
        CommandOption(long: "dry-run", short: "n", .flag, help: "List what would be removed; change nothing.") {
            $0.prune.dryRun = $1
        },
        signKey { $0.prune.seal.signKey = $1 },
        headToSyslog { $0.prune.seal.headToSyslog = $1 },
        folder { $0.prune.recordings = $1 },
    ]
}
