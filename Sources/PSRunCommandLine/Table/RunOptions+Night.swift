extension RunOptions {
    /// What a run has that nobody watches.
    static let night: [CommandOption] = [
        CommandOption(
            long: "cron",
            .flag,
            in: .night,
            help: """
                Say nothing when all is well, and otherwise print one report of 40 lines at most. One run of a playbook on \
                the same targets at a time: another ends with 75. Nobody is asked, nothing is colored; without other \
                limits a session opens within 30 seconds, and a target ends within an hour.
                """
        ) { $0.run.cron = $1 },
        CommandOption(
            long: "splay",
            .duration,
            in: .night,
            help: """
                With --cron, begin up to TIME later, so that many computers do not begin at once. A computer waits as \
                long every night.
                """
        ) { $0.run.splay = $1 },
    ]
}
