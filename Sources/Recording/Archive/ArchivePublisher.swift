import RecordingFormat
import SystemErrors

extension ArchiveBuilder {
    static let archiveName = "run.tar.zst"
    static let manifestName = "manifest.json"
    static let journalName = "journal"

    /// Completes the archive, publishes it and the manifest, and only then drops the journal: at each moment before, the
    /// journal is all it takes to do it again.
    /// - Parameters:
    ///   - exitCode: psrun's own; nil for a run that is recovered.
    ///   - ended: seconds since 1970, UTC.
    ///   - merge: what the run was put together from; nil for one that ran.
    func publish(
        run: RunDescription,
        exitCode: Int32?,
        ended: Int64,
        merge: RecordedMerge? = nil,
        options: SealOptions
    ) throws(SystemError) -> SealedRun {
        let recovered = exitCode == nil
        try endAll(
            truncation: Self.ending(
                .broken,
                "psrun ended while this session ran; what followed is not recorded."
            ),
            absence: Self.ending(.notRun, "psrun ended before this target's session began.")
        )
        let entries = try index()
        let leaves = entries.compactMap { hashes[$0.entry] }
        let index = ArchiveIndex.encode(entries)
        let playbookHash = hexadecimal(sha256(run.playbookBytes))
        let sums =
            (leaves + [
                MemberHash(name: RunName.playbookMember, hash: playbookHash),
                MemberHash(name: RunName.indexMember, hash: hexadecimal(sha256(index))),
            ]).sums
        try writeMembers([(RunName.playbookMember, run.playbookBytes)], last: false)
        try writeMembers([(RunName.indexMember, index), (RunName.sumsMember, sums)], last: true)
        let (bytes, hash) = try close()
        let manifest = Manifest(
            run: folder.name,
            playbookName: run.playbookName,
            playbookHash: playbookHash,
            psrunVersion: run.psrunVersion,
            startedSeconds: run.startedSeconds,
            endedSeconds: ended,
            durationMicroseconds: Int64(lastTime / 1_000),
            exitCode: exitCode,
            recovered: recovered,
            entries: entries.count,
            outcomes: outcomes,
            archiveBytes: bytes,
            archiveHash: hash,
            indexHash: hexadecimal(sha256(index)),
            sumsHash: hexadecimal(sha256(sums)),
            merkleRoot: leaves.merkleRoot(hash: sha256),
            journalHead: hexadecimal(chain),
            retainUntilSeconds: run.retainUntilSeconds,
            shard: run.shard,
            merge: merge,
            options: run.options,
            continued: run.continued?.run
        )
        return try RunSeal(folder: folder, options: options).publish(manifest, archive: file)
    }

    private static func ending(_ outcome: RecordedOutcome, _ message: String) -> Ending {
        (outcome, RecordedFailure(code: RecordingError.Code.truncated.rawValue, message: message))
    }
}
