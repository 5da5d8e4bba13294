package import Audit
package import Recording
package import RecordingFormat

/// Puts the shards of a run together.
package struct RunMerge {
    private let shards: ShardSet
    private let recordings: [SealedRecording]
    private let merged: MergedRun

    /// Checks every byte of the shards, and how they fit together; writes nothing. Blocks.
    /// - Parameters:
    ///   - signatures: what a shard's signature must be.
    ///   - exitCode: the one run's, of those that the shards ended with and whether one of them was recovered.
    /// - Throws: MergeRefusal.
    package init(
        _ shards: ShardSet,
        signatures: SignatureCheck,
        exitCode: ([Int32]) -> Int32
    ) throws(MergeRefusal) {
        self.shards = shards
        var recordings: [SealedRecording] = []
        for member in shards.members {
            try Self.requireProved(member.run, signatures)
            do throws(RecordingError) {
                recordings.append(try SealedRecording(folder: member.run.folder))
            } catch {
                throw MergeRefusal(error)
            }
        }
        self.recordings = recordings
        let playbook = try shards.playbook(of: recordings)
        let entries = try shards.entries(of: recordings)
        merged = shards.merged(entries, recordings, playbook, exitCode)
    }

    package var exitCode: Int32? { merged.exitCode }
    package var targets: Int { merged.entries.count }

    /// How many targets had which outcome.
    package var outcomes: [RecordedOutcome: Int] {
        var counts: [RecordedOutcome: Int] = [:]
        for (name, count) in shards.members.flatMap(\.manifest.outcomes) {
            counts[RecordedOutcome(rawValue: name), default: 0] += count
        }
        return counts
    }

    /// Records the whole as a run of its own.
    /// - Parameter suffix: six hexadecimal digits that no other run of that second has.
    /// - Throws: `damaged` where a shard has changed since it was checked, `folderUnusable` or `writeFailed`.
    package func record(
        in recordingsFolder: String,
        suffix: String,
        options: SealOptions
    ) throws(RecordingError) -> SealedRun {
        try merged.record(from: recordings, in: recordingsFolder, suffix: suffix, options: options)
    }

    /// A shard that was put together from a journal is what the journal held; anything else that is not proved is refused.
    private static func requireProved(_ run: RecordedRun, _ signatures: SignatureCheck) throws(MergeRefusal) {
        let request = StoreAudit.Request(folder: run.recordingsFolder, runs: [run.folder], signatures: signatures)
        let audit: StoreAudit
        do throws(RecordingError) { audit = try StoreAudit.of(request) } catch { throw MergeRefusal(error) }
        let finding = audit.allFindings.first { $0.level != .note && $0.code != .runRecovered }
        guard let finding else { return }
        throw MergeRefusal(
            "\(run.name) is not what was sealed: \([finding.member, finding.message].compactMap(\.self).joined(separator: ": ")). "
                + "`psrun verify \(run.folder)` tells more."
        )
    }
}

extension ShardSet {
    /// The playbook of all shards. What was redacted in it has other tags in each of them.
    fileprivate func playbook(of recordings: [SealedRecording]) throws(MergeRefusal) -> [UInt8] {
        var first: [UInt8]?
        for (member, recording) in zip(members, recordings) {
            let playbook: [UInt8]
            do throws(RecordingError) { playbook = try recording.playbook() } catch { throw MergeRefusal(error) }
            let isSame = first.map { $0 == playbook || RedactedTags.alike($0) == RedactedTags.alike(playbook) } ?? true
            guard isSame else {
                throw MergeRefusal(
                    "\(member.run.name) and \(members[0].run.name) are not shards of one run: their playbooks differ."
                )
            }
            first = first ?? playbook
        }
        return first ?? []
    }

    /// The run that they are parts of: it began with the first of them, and ended with the last.
    fileprivate func merged(
        _ entries: [MergedRun.Entry],
        _ recordings: [SealedRecording],
        _ playbook: [UInt8],
        _ exitCode: ([Int32]) -> Int32
    ) -> MergedRun {
        let manifests = members.map(\.manifest)
        let started = manifests.map(\.startedSeconds).min() ?? 0
        let codes = manifests.compactMap(\.exitCode)
        let run = RunDescription(
            playbookName: manifests[0].playbookName,
            playbookBytes: playbook,
            startedSeconds: started,
            psrunVersion: manifests[0].psrunVersion,
            targets: entries.map(\.entry.target),
            // Who asked for one of them to be kept so long asked for what it says.
            retainUntilSeconds: manifests.compactMap(\.retainUntilSeconds).max()
        )
        let parts = zip(members, recordings).map { member, recording in
            RecordedMerge.Part(
                index: member.shard.index,
                run: PreviousRun(run: member.run.name, manifestHash: recording.manifestHash)
            )
        }
        return MergedRun(
            run: run,
            entries: entries,
            merge: RecordedMerge(count: count, selection: selection, parts: parts),
            exitCode: codes.count == manifests.count ? exitCode(codes) : nil,
            endedSeconds: manifests.map(\.endedSeconds).max() ?? started,
            durationMicroseconds: manifests.map { ($0.startedSeconds - started) * 1_000_000 + $0.durationMicroseconds }
                .max() ?? 0
        )
    }
}
