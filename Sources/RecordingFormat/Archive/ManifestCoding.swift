extension Manifest {
    /// The file's bytes: the same for the same run, always, and each value on a line of its own, for sed(1).
    package var encoded: [UInt8] {
        let value: JSONValue = [
            "format": "psrun-recording",
            "version": 1,
            "run": .string(run),
            "playbook": ["name": .string(playbookName), "sha256": .string(playbookHash)],
            "psrun": .string(psrunVersion),
            "started": .string(UTCTime(secondsSince1970: startedSeconds).extended),
            "started_seconds": .integer(startedSeconds),
            "ended": .string(UTCTime(secondsSince1970: endedSeconds).extended),
            "ended_seconds": .integer(endedSeconds),
            "duration_us": .integer(durationMicroseconds),
            "exit_code": exitCode.map { .integer(Int64($0)) } ?? .null,
            "recovered": .bool(recovered),
            "entries": .integer(Int64(entries)),
            "outcomes": .object(
                outcomes.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: .integer(Int64($0.value))) }
            ),
            "archive": [
                "name": "run.tar.zst", "bytes": .integer(Int64(archiveBytes)), "sha256": .string(archiveHash),
            ],
            "index_sha256": .string(indexHash),
            "sums_sha256": .string(sumsHash),
            "merkle_root": .string(merkleRoot),
            "journal_head": .string(journalHead),
            "previous": previous.map { ["run": .string($0.run), "manifest_sha256": .string($0.manifestHash)] } ?? .null,
            "chain_head": .string(chainHead),
            "retain_until": retainUntilSeconds.map { .string(UTCTime(secondsSince1970: $0).extended) } ?? .null,
        ]
        return value.indented
    }

    /// Reads the file; nil where it is no manifest of format version 1. Only the very bytes of `encoded` are one: two
    /// readers can't take different things from it.
    package init?(_ bytes: [UInt8]) {
        guard
            let value = try? JSONValue(parsing: bytes),
            value["format"]?.string == "psrun-recording", value["version"]?.integer == 1,
            let run = value["run"]?.string, RunName.isFolder(run),
            let playbookName = value["playbook"]?["name"]?.string,
            let playbookHash = value["playbook"]?["sha256"]?.string,
            let psrunVersion = value["psrun"]?.string,
            let startedSeconds = value["started_seconds"]?.integer,
            let endedSeconds = value["ended_seconds"]?.integer,
            let durationMicroseconds = value["duration_us"]?.integer,
            let recovered = value["recovered"]?.bool,
            let entries = value["entries"]?.integer.flatMap(Int.init(exactly:)),
            let outcomes = value["outcomes"]?.members,
            let archiveBytes = value["archive"]?["bytes"]?.integer.flatMap(UInt64.init(exactly:)),
            let archiveHash = value["archive"]?["sha256"]?.string,
            let indexHash = value["index_sha256"]?.string,
            let sumsHash = value["sums_sha256"]?.string,
            let merkleRoot = value["merkle_root"]?.string,
            let journalHead = value["journal_head"]?.string,
            let chainHead = value["chain_head"]?.string,
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
            exitCode: value["exit_code"]?.integer.flatMap(Int32.init(exactly:)),
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
            previous: value["previous"].flatMap(PreviousRun.init),
            chainHead: chainHead,
            retainUntilSeconds: value["retain_until"]?.string.flatMap { UTCTime($0)?.secondsSince1970 }
        )
        guard encoded == bytes else { return nil }
    }
}

extension PreviousRun {
    fileprivate init?(_ value: JSONValue) {
        guard
            let run = value["run"]?.string, RunName.isFolder(run), let hash = value["manifest_sha256"]?.string,
            isHash(hash)
        else { return nil }
        self.init(run: run, manifestHash: hash)
    }
}
