extension Manifest {
    /// The file's bytes: the same for the same run, always, and each value on a line of its own, for sed(1).
    package var encoded: [UInt8] {
        let value: JSONValue = .record([
            .format: "psrun-recording",
            .version: 1,
            .run: .string(run),
            .playbook: .record([.name: .string(playbookName), .sha256: .string(playbookHash)]),
            .psrun: .string(psrunVersion),
            .started: .string(UTCTime(secondsSince1970: startedSeconds).extended),
            .startedSeconds: .integer(startedSeconds),
            .ended: .string(UTCTime(secondsSince1970: endedSeconds).extended),
            .endedSeconds: .integer(endedSeconds),
            .durationMicroseconds: .integer(durationMicroseconds),
            .exitCode: .optional(exitCode),
            .recovered: .bool(recovered),
            .entries: .integer(Int64(entries)),
            .outcomes: .counts(outcomes),
            .archive: .record([
                .name: "run.tar.zst", .bytes: .integer(Int64(archiveBytes)), .sha256: .string(archiveHash),
            ]),
            .indexHash: .string(indexHash),
            .sumsHash: .string(sumsHash),
            .merkleRoot: .string(merkleRoot),
            .journalHead: .string(journalHead),
            .previous: previous?.json ?? .null,
            .chainHead: .string(chainHead),
            .retainUntil: .optional(retainUntilSeconds.map { UTCTime(secondsSince1970: $0).extended }),
        ])
        // Behind all that version 1 began with, and only where there is something to say.
        var members = value.members ?? []
        if let shard { members.append(JSONMember(.shard, shard.json)) }
        if let merge { members.append(JSONMember(.merged, merge.json)) }
        if let options { members.append(JSONMember(.options, options.json)) }
        if let continued { members.append(JSONMember(.continues, continued.json)) }
        return JSONValue.object(members).indented
    }

    /// Reads the file; nil where it is not a manifest of format version 1. Only the very bytes of `encoded` are one: two
    /// readers cannot take different things from it.
    package init?(_ bytes: [UInt8]) {
        guard
            let value = try? JSONValue(parsing: bytes),
            value[.format]?.string == "psrun-recording", value[.version]?.integer == 1,
            let run = value[.run]?.string, RunName.isFolder(run),
            let playbookName = value[.playbook]?[.name]?.string,
            let playbookHash = value[.playbook]?[.sha256]?.string,
            let psrunVersion = value[.psrun]?.string,
            let startedSeconds = value[.startedSeconds]?.integer,
            let endedSeconds = value[.endedSeconds]?.integer,
            let durationMicroseconds = value[.durationMicroseconds]?.integer,
            let recovered = value[.recovered]?.bool,
            let entries = value[.entries]?.integer.flatMap(Int.init(exactly:)),
            let outcomes = value[.outcomes]?.members,
            outcomes.allSatisfy({ RecordedOutcome(recorded: $0.key) != nil && $0.value.integer ?? -1 >= 0 }),
            let archiveBytes = value[.archive]?[.bytes]?.integer.flatMap(UInt64.init(exactly:)),
            let archiveHash = value[.archive]?[.sha256]?.string,
            let indexHash = value[.indexHash]?.string,
            let sumsHash = value[.sumsHash]?.string,
            let merkleRoot = value[.merkleRoot]?.string,
            let journalHead = value[.journalHead]?.string,
            let chainHead = value[.chainHead]?.string,
            [playbookHash, archiveHash, indexHash, sumsHash, merkleRoot, journalHead, chainHead].allSatisfy(isHash)
        else { return nil }
        self.init(
            run: run,
            playbookName: playbookName,
            playbookHash: playbookHash,
            psrunVersion: psrunVersion,
            startedSeconds: startedSeconds,
            endedSeconds: endedSeconds,
            durationMicroseconds: durationMicroseconds,
            exitCode: value[.exitCode]?.integer.flatMap(Int32.init(exactly:)),
            recovered: recovered,
            entries: entries,
            outcomes: Dictionary(
                outcomes.compactMap { member in member.value.integer.map { (member.key, Int($0)) } },
                uniquingKeysWith: { first, _ in first }
            ),
            archiveBytes: archiveBytes,
            archiveHash: archiveHash,
            indexHash: indexHash,
            sumsHash: sumsHash,
            merkleRoot: merkleRoot,
            journalHead: journalHead,
            previous: value[.previous].flatMap(PreviousRun.init),
            chainHead: chainHead,
            retainUntilSeconds: value[.retainUntil]?.string.flatMap { UTCTime($0)?.secondsSince1970 },
            shard: value[.shard].flatMap(RecordedShard.init),
            merge: value[.merged].flatMap(RecordedMerge.init),
            options: value[.options].map(RecordedOptions.init),
            continued: value[.continues].flatMap(PreviousRun.init)
        )
        guard encoded == bytes else { return nil }
    }
}

extension PreviousRun {
    fileprivate var json: JSONValue { .record([.run: .string(run), .manifestHash: .string(manifestHash)]) }

    init?(_ value: JSONValue) {
        guard
            let run = value[.run]?.string, RunName.isFolder(run), let hash = value[.manifestHash]?.string,
            isHash(hash)
        else { return nil }
        self.init(run: run, manifestHash: hash)
    }
}
