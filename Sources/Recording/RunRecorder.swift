package import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// Records one run: one journal with one writer's thread, and one archive that grows as targets finish.
package final class RunRecorder: Sendable {
    /// The run's folder: `<UTC start>-<playbook name>-<6 hex>`.
    package let folder: String
    /// What makes the evidence worth less than it could be, and the way out; nil where nothing does.
    package let warning: String?
    private let journal: JournalWriter
    private let archive: ArchiveThread
    private let clock: RecorderClock

    private init(
        folder: RunFolder,
        file: File,
        clock: RecorderClock,
        onFailure: @escaping @Sendable (RecordingError) -> Void
    ) throws(SystemError) {
        self.folder = folder.path
        warning =
            folder.recordings.isOpenToAll
            ? "Every user of this computer may remove or replace what is in the recordings folder \(folder.recordings.path). "
                + "Run `chmod o-w` on it."
            : nil
        // The writer and the archive tell each other of progress and failure; neither keeps the other alive.
        let relay = FailureRelay()
        let archive = try ArchiveThread(folder: folder, journal: file, onFailure: relay.fail)
        let journal = try JournalWriter(
            file: file,
            clock: clock,
            onFailure: onFailure,
            onCommitted: archive.follow
        )
        relay.connect(journal)
        self.archive = archive
        self.journal = journal
        self.clock = clock
    }

    deinit {
        journal.close()
        archive.close()
    }

    /// Makes the run's folder (0700) and its journal (0600), and writes the run's description and playbook to disk.
    /// - Parameters:
    ///   - suffix: six hexadecimal digits that no other run of that second has.
    ///   - onFailure: called once, from a thread of the recorder, as soon as the recording cannot be kept any more.
    /// - Throws: `folderUnusable` or `writeFailed`.
    package static func create(
        in recordingsFolder: String,
        run: RunDescription,
        suffix: String,
        faults: FileFaults = .none,
        clock: RecorderClock = .system,
        onFailure: @escaping @Sendable (RecordingError) -> Void = { _ in }
    ) async throws(RecordingError) -> RunRecorder {
        let recorder: RunRecorder
        do throws(SystemError) {
            let folder = try makeFolder(in: recordingsFolder, run: run, suffix: suffix, faults: faults)
            let flags = O_RDWR | O_CREAT | O_EXCL | O_APPEND
            let file = try folder.own.file(ArchiveBuilder.journalName, flags)
            guard try lock(file) else { throw SystemError("lock", file.path, EAGAIN) }
            try folder.own.sync()
            folder.own.release()
            recorder = try RunRecorder(folder: folder, file: file, clock: clock, onFailure: onFailure)
            try recorder.journal.start()
            try recorder.archive.start()
        } catch  where error.path.isEmpty && error.code == EAGAIN {
            throw RecordingError(.folderUnusable, "The run cannot be recorded: \(error.text). Raise `ulimit -u`.")
        } catch  where [EMFILE, ENFILE].contains(error.code) {
            throw RecordingError(.folderUnusable, "The run cannot be recorded: \(error.text). Raise `ulimit -n`.")
        } catch  where error.code == EFBIG {
            throw RecordingError(
                .folderUnusable,
                "The recordings folder \(recordingsFolder) cannot be used: \(error.text): it is not a chain that psrun wrote. "
                    + "See what is in it, and move it away, or choose another folder with --recordings."
            )
        } catch  where [ENOSPC, EDQUOT].contains(error.code) {
            throw RecordingError(
                .folderUnusable,
                "The recordings folder \(recordingsFolder) cannot be used: \(error.text). Free space there, or choose another "
                    + "folder with --recordings."
            )
        } catch {
            throw RecordingError(
                .folderUnusable,
                "The recordings folder \(recordingsFolder) cannot be used: \(error.text). "
                    + "Choose a folder that you can write to with --recordings."
            )
        }
        recorder.append(nil, .run, run.journalPayload)
        recorder.append(nil, .playbook, run.playbookBytes)
        try await recorder.commit()
        return recorder
    }

    /// Why the recording cannot be kept any more; nil while all is well. It never becomes nil again.
    package var failure: RecordingError? { journal.failure }

    /// Begins the recording of the target at `entry` of the run's targets; once for each.
    package func begin(_ entry: Int, _ header: EntryHeader) {
        append(entry, .begin, header.journalPayload)
    }

    /// Takes one event of a begun entry. Never blocks and never fails by itself: see `commit` and `waitForRoom`.
    package func record(_ event: RecordedEvent, in entry: Int) {
        let text = Array(event.data.utf8)
        guard text.count > JournalLayout.maximumPayload else {
            return append(entry, .event(event.code), text, time: event.time)
        }
        journal.fail(
            RecordingError(
                .writeFailed,
                "The recording cannot be kept: an event of \(text.count) bytes is longer than a journal can hold."
            )
        )
    }

    /// The entry's last event was recorded: it may go to the archive.
    package func finish(_ entry: Int) {
        append(entry, .finish, [])
    }

    /// Returns once all that was recorded before is on disk; steps of many targets share one `fdatasync`.
    package func commit() async throws(RecordingError) {
        try await journal.commit()
    }

    /// Has what was recorded before written soon, and does not wait for it: whenever psrun is killed, a line that was sent is
    /// on record as one that may have run.
    package func hurry() {
        journal.hurry()
    }

    /// Returns at once unless more is waiting for the disk than should be held in memory; then when it is written, or
    /// the recording has failed. For whoever records much without a commit: cheap enough to be asked at each event.
    package nonisolated(nonsending) func waitForRoom() async {
        if journal.isFull { await journal.waitForRoom() }
    }

    /// Gives the recording up where the disk has not answered for so long: whoever waits for it goes on.
    /// - Parameter patience: at least a moment, which any disk may take.
    package func giveUpDisk(after patience: Duration) {
        let waited = Duration.nanoseconds(Int64(clamping: DiskWait.longest))
        guard waited > patience else { return }
        let error = RecordingError.diskIsSilent(folder, patience)
        journal.fail(error)
        archive.giveUp(error)
    }

    /// Publishes `run.tar.zst` and `manifest.json`, gives the run its place in the chain, and drops the journal. Nothing
    /// may be recorded afterwards.
    /// - Parameter exitCode: psrun's own exit code for the run.
    package func seal(
        exitCode: Int32,
        options: SealOptions = SealOptions()
    ) async throws(RecordingError) -> SealedRun {
        try await journal.commit()
        journal.close()
        return try await archive.seal(exitCode: exitCode, ended: clock.secondsSince1970(), options: options).get()
    }

    private func append(_ entry: Int?, _ kind: JournalRecordKind, _ payload: [UInt8], time: UInt64? = nil) {
        journal.append(JournalRecord(entry: entry, time: time ?? journal.now, kind: kind, payload: payload[...]))
    }

    /// Somebody who recovers runs may hold it for a moment, until he sees whose it is.
    private static func lock(_ journal: File) throws(SystemError) -> Bool {
        for _ in 0..<500 {
            if try journal.lock() { return true }
            usleep(2_000)
        }
        return false
    }

    static func makeFolder(
        in recordingsFolder: String,
        run: RunDescription,
        suffix: String,
        faults: FileFaults
    ) throws(SystemError) -> RunFolder {
        try FilePaths.makeFolder(recordingsFolder)
        let recordings = try Folder(recordingsFolder, faults: faults)
        // A chain that cannot be written, or is none, would else come to light at the end of the run.
        try LockedChain.requireUsable(try ChainFile.open(in: recordings))
        let name = RunName.folder(
            startedSeconds: run.startedSeconds,
            playbookName: run.playbookName,
            suffix: suffix
        )
        let folder = try RunFolder(making: name, in: recordings)
        do throws(SystemError) {
            try folder.own.requireRoom(leastRoom + 2 * run.playbookBytes.count + targetRoom * run.targets.count)
        } catch {
            try? recordings.removeFolder(name)
            throw error
        }
        return folder
    }

    /// What the smallest run needs: journal and archive, manifest and signature.
    private static let leastRoom = 16 << 10
    /// What a target needs in an index, at least.
    private static let targetRoom = 256
}
