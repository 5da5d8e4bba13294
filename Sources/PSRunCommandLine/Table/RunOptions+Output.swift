extension RunOptions {
    static let output: [CommandOption] = [
        CommandOption(
            long: "format",
            .choice("FORMAT"),
            in: .output,
            help: """
                Print text (the default): one target's session as it goes on, several targets' output at the end, where it \
                is equal only once. Or print one JSON object (json), one per target as it ends (jsonl), JUnit XML (junit), \
                or one line for a monitoring server, with an exit code from 0 to 3 (nagios).
                """
        ) { $0.run.output.format = $1 },
        CommandOption(
            long: "live",
            .flag,
            in: .output,
            help: "Print several targets' output as it comes, each line behind its target's name."
        ) { $0.run.output.isLive = $1 },
        CommandOption(
            long: "output",
            .file,
            in: .output,
            help: "Write the result to this file, atomically, instead of standard output."
        ) { $0.run.output.file = $1 },
        CommandOption(
            long: "metrics-file",
            .metricsFile,
            in: .output,
            help:
                "Write the run's figures to this file, atomically, for the textfile folder of Prometheus's node exporter."
        ) { $0.run.output.metricsFile = $1 },
        CommandOption(
            long: "color",
            .choice("WHEN"),
            in: .output,
            help: "Keep the far side's colors: at a terminal (auto, the default), always, or never."
        ) { $0.run.output.color = $1 },
        CommandOption(
            "Verbose",
            aliases: ["vb"],
            long: "verbose",
            short: "v",
            .flag,
            in: .output,
            help: "Show each phase of a connection and how long it took."
        ) { $0.run.verbosity = $1 ? .verbose : .normal },
        CommandOption(
            long: "quiet",
            short: "q",
            .flag,
            in: .output,
            help: "Print results and what is not well only."
        ) { $0.run.verbosity = $1 ? .quiet : .normal },
        CommandOption(
            "Debug",
            aliases: ["db"],
            long: "debug",
            .flag,
            in: .output,
            help: "Trace the protocol to standard error, secrets masked."
        ) { $0.run.tracesProtocol = $1 },
    ]

    static let recording: [CommandOption] = [
        RecordingOptions.folder(in: .recording) { $0.run.recordings = $1 },
        CommandOption(
            long: "redact",
            .text("REGEX", mayBeBlank: true),
            isRepeatable: true,
            in: .recording,
            help: """
                Replace what this regular expression (Perl's syntax) matches with a tag, in everything that is recorded, \
                reported or logged. Once matched, a value is replaced wherever it appears. '\\K' keeps what is before \
                it: 'token=\\K\\w+'.
                """
        ) { $0.run.redactions.append($1) },
        CommandOption(
            long: "on-record-failure",
            .choice("ACTION"),
            in: .recording,
            help: """
                When the recording can no longer be kept: end the run at once (stop, the default), after the running \
                steps (finish-step), or go on without it (continue).
                """
        ) { $0.run.onRecordFailure = $1 },
        RecordingOptions.signKey(in: .recording) { $0.run.seal.signKey = $1 },
        RecordingOptions.headToSyslog(in: .recording) { $0.run.seal.headToSyslog = $1 },
        CommandOption(
            long: "retain-until",
            .retention,
            in: .recording,
            help:
                "Do not let 'psrun prune' remove this recording before a day (2027-11-22) or moment (UTC), or for a time (90d)."
        ) { $0.run.retention = $1 },
    ]
}
