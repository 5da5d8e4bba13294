/// `manifest.json`: what a sealed run is, and the hashes that bind all of it.
package struct Manifest: Sendable, Hashable {
    /// The name of the run's folder.
    package var run: String
    package var playbookName: String
    /// SHA-256 of the playbook's bytes, in hexadecimal, as all hashes here.
    package var playbookHash: String
    package var psrunVersion: String
    /// Seconds since 1970, UTC.
    package var startedSeconds: Int64
    package var endedSeconds: Int64
    /// From the run's beginning to its last record, by a clock that nobody sets.
    package var durationMicroseconds: Int64
    /// psrun's exit code; nil where psrun did not live to give one.
    package var exitCode: Int32?
    /// Whether the run was killed and its recording put together from the journal.
    package var recovered: Bool
    /// Entries in the archive: one for each target, whether it was reached or not.
    package var entries: Int
    /// How many targets had which outcome, by outcome.
    package var outcomes: [String: Int]
    package var archiveBytes: UInt64
    package var archiveHash: String
    package var indexHash: String
    package var sumsHash: String
    package var merkleRoot: String
    /// The journal's last chain value.
    package var journalHead: String
    /// The run that was sealed last before this one; nil for the first of a chain.
    package var previous: PreviousRun?
    /// The chain's head when this run was sealed, before its own line.
    package var chainHead: String
    /// Seconds since 1970, UTC, before which the run must not be pruned; nil where nobody asked for that.
    package var retainUntilSeconds: Int64?
    /// The part of a selection that the run had; nil where it had all of it.
    package var shard: RecordedShard?
    /// What the run was put together from; nil for one that ran.
    package var merge: RecordedMerge?
    /// How the run was asked for; nil where that was not kept.
    package var options: RecordedOptions?
    /// The run that this one continues; nil where it continues none.
    package var continued: PreviousRun?

    package init(
        run: String,
        playbookName: String,
        playbookHash: String,
        psrunVersion: String,
        startedSeconds: Int64,
        endedSeconds: Int64,
        durationMicroseconds: Int64,
        exitCode: Int32?,
        recovered: Bool,
        entries: Int,
        outcomes: [String: Int],
        archiveBytes: UInt64,
        archiveHash: String,
        indexHash: String,
        sumsHash: String,
        merkleRoot: String,
        journalHead: String,
        previous: PreviousRun? = nil,
        chainHead: String = Chain.emptyHead,
        retainUntilSeconds: Int64? = nil,
        shard: RecordedShard? = nil,
        merge: RecordedMerge? = nil,
        options: RecordedOptions? = nil,
        continued: PreviousRun? = nil
    ) {
        self.run = run
        self.playbookName = playbookName
        self.playbookHash = playbookHash
        self.psrunVersion = psrunVersion
        self.startedSeconds = startedSeconds
        self.endedSeconds = endedSeconds
        self.durationMicroseconds = durationMicroseconds
        self.exitCode = exitCode
        self.recovered = recovered
        self.entries = entries
        self.outcomes = outcomes
        self.archiveBytes = archiveBytes
        self.archiveHash = archiveHash
        self.indexHash = indexHash
        self.sumsHash = sumsHash
        self.merkleRoot = merkleRoot
        self.journalHead = journalHead
        self.previous = previous
        self.chainHead = chainHead
        self.retainUntilSeconds = retainUntilSeconds
        self.shard = shard
        self.merge = merge
        self.options = options
        self.continued = continued
    }

    /// How many targets ended that way.
    package func targets(ended outcome: RecordedOutcome) -> Int { outcomes[outcome.rawValue] ?? 0 }
}

/// The run before, as a manifest names it.
package struct PreviousRun: Sendable, Hashable {
    /// The name of its folder.
    package var run: String
    /// SHA-256 of its manifest.
    package var manifestHash: String

    package init(run: String, manifestHash: String) {
        self.run = run
        self.manifestHash = manifestHash
    }
}
