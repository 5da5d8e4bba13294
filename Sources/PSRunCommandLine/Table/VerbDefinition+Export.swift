extension VerbDefinition {
    static let export = VerbDefinition(
        verb: .export,
        operand: recordedRun(isRequired: false),
        options: [
            CommandOption(
                long: "as",
                .choice("FORMAT"),
                help: """
                    The format: asciicast of version 2 (cast2, the stored bytes) or 3 (cast3), text in the layout of \
                    Start-Transcript (transcript), every event as a JSON line (jsonl), JUnit XML, Markdown, or one HTML \
                    page that needs no network: hosts and steps as a grid, and a player for each session.
                    """
            ) { $0.export.format = $1 },
            RecordingOptions.host("Export this target only") { $0.export.host = $1 },
            CommandOption(
                long: "output",
                .file,
                help: """
                    Write FILE, completely or not at all, instead of standard output. With several targets, cast2 and \
                    cast3 make FILE a folder with one file per target; every other format is one document.
                    """
            ) { $0.export.output = $1 },
            CommandOption(
                long: "from",
                .file,
                help: """
                    Read FILE instead of a RUN: what export wrote as jsonl, or one asciicast of version 2. With \
                    --as cast2 this restores the stored recording, byte for byte.
                    """
            ) { $0.export.file = $1 },
            CommandOption(
                long: "since",
                .pastMoment,
                help: """
                    With --as html: also tell of the runs of the same playbook, in the same recordings folder, that began at \
                    this time or later and before RUN: each host in each night, and trends. A day (2026-11-22) or a time \
                    (2026-11-22T02:00Z), both in UTC, or how long ago (12h, 30d).
                    """
            ) { $0.export.since = $1 },
            RecordingOptions.accessLog { $0.export.keepsAccessLog = $1 },
            RecordingOptions.folder { $0.export.recordings = $1 },
        ],
        summary: "convert a recorded run to another format",
        help: """
            Prints a recorded run, or one target's session of it, in another format. It holds what the recording holds \
            and nothing else.
            """
    ) { (draft, run) throws(UsageError) in
        .export(try draft.export.complete(run: run))
    }
}
