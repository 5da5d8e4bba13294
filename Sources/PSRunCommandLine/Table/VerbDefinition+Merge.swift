extension VerbDefinition {
    static let merge = VerbDefinition(
        verb: .merge,
        operand: Operand(
            placeholder: "RUN",
            isRequired: true,
            completion: .words(["last"]),
            help: "A shard's run: its folder, a unique part of its name, last, or last~1."
        ),
        more: Operand(
            placeholder: "RUN",
            isRequired: false,
            completion: .words(["last"]),
            help: "The other shards, in any order."
        ),
        options: MergeOptions.all,
        summary: "put the shards of a run together",
        help: """
            Puts the recordings of runs that --shard divided together into one, with the targets in the order in which \
            they were selected, seals it, and prints its report: that of one run, byte for byte. Every byte of the shards \
            is checked before anything is written. Refused, with exit code 2, are shards of different playbooks or \
            selections, two of the same number, one that is missing, and one that is not what was sealed. Otherwise the \
            exit code is that of the one run.
            """
    ) { (draft, run) in
        var merge = draft.merge
        merge.runs = [run].compactMap(\.self) + draft.more
        return .merge(merge)
    }
}

/// The rows of `merge`.
enum MergeOptions {
    static let all: [CommandOption] = [
        CommandOption(
            long: "partial",
            .flag,
            help: "Merge what is there, though shards are missing; the report says which."
        ) { $0.merge.isPartial = $1 },
        CommandOption(
            long: "format",
            .choice("FORMAT"),
            help: """
                Print the report as show does (text, the default), as run does (json, jsonl), or as export does (junit).
                """
        ) { $0.merge.format = $1 },
        RecordingOptions.signKey { $0.merge.seal.signKey = $1 },
        RecordingOptions.headToSyslog { $0.merge.seal.headToSyslog = $1 },
        RecordingOptions.folder { $0.merge.recordings = $1 },
    ]
}
