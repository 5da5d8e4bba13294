package import RecordingFormat

/// Records one run: one journal, one writer thread, one archive that grows as targets finish.
package final class RunRecorder: Sendable {
    /// The run's folder: `<UTC start>-<playbook name>-<6 hex>`.
    package let folder: String

    private init(folder: String) {
        self.folder = folder
    }

    /// Makes the run's folder (0700) and its journal (0600), and writes the run's description and playbook to disk.
    /// - Parameters:
    ///   - suffix: six hexadecimal digits that no other run of that second has.
    ///   - onFailure: called once, from the writer's thread, as soon as the recording can't be kept any more.
    /// - Throws: `folderUnusable` or `writeFailed`.
    package static func create(
        in recordingsFolder: String,
        run: RunDescription,
        suffix: String,
        onFailure: @escaping @Sendable (RecordingError) -> Void = { _ in }
    ) throws(RecordingError) -> RunRecorder {
        RunRecorder(folder: "\(recordingsFolder)/\(suffix)")
    }

    /// Why the recording can't be kept any more; nil while all is well. It never becomes nil again.
    package var failure: RecordingError? { nil }

    /// Begins the recording of the target at `entry` of the run's targets; once for each.
    package func begin(_ entry: Int, _ header: EntryHeader) {}

    /// Takes one event of a begun entry. Never blocks and never fails by itself: see `commit` and `waitForRoom`.
    package func record(_ event: RecordedEvent, in entry: Int) {}

    /// The entry's last event was recorded: it may go to the archive.
    package func finish(_ entry: Int) {}

    /// Returns once all that was recorded before is on disk; steps of many targets share one `fdatasync`.
    package func commit() async throws(RecordingError) {}

    /// Returns at once unless more is waiting for the disk than should be held in memory; then when it is written, or
    /// the recording has failed. For whoever records much without a commit.
    package func waitForRoom() async {}

    /// Publishes `run.tar.zst` and `manifest.json` and drops the journal. Nothing may be recorded afterwards.
    /// - Parameter exitCode: psrun's own exit code for the run.
    package func seal(exitCode: Int32) async throws(RecordingError) -> SealedRun {
        SealedRun(folder: folder, entries: 0, archiveHash: "", manifestHash: "")
    }
}
