package import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// What `recover` found and did.
package struct RecoveredRun: Sendable, Hashable {
    package let manifest: Manifest
    /// Whether it was sealed before, and nothing was done.
    package let wasSealed: Bool
    /// Bytes of the journal behind its last whole commit block: recorded, but never acknowledged.
    package let droppedBytes: UInt64
    /// Whether these are damaged, and not just cut off by the crash: some may have been acknowledged. The journal is kept then.
    package let isDamaged: Bool
    /// What was asked for and is not there, though the run is sealed: a signature, a witness.
    package let shortcomings: [RecordingError]

    init(
        manifest: Manifest,
        wasSealed: Bool = false,
        droppedBytes: UInt64 = 0,
        isDamaged: Bool = false,
        shortcomings: [RecordingError] = []
    ) {
        self.manifest = manifest
        self.wasSealed = wasSealed
        self.droppedBytes = droppedBytes
        self.isDamaged = isDamaged
        self.shortcomings = shortcomings
    }
}

/// Seals what a killed run left. It may be killed itself at any time, and done again.
package enum RunRecovery {
    /// The name under which a journal stays that cannot be read to its end.
    package static let damagedJournal = "journal.damaged"

    private static let chunkBytes = 1 << 20

    /// - Parameters:
    ///   - options: not for a run whose seal was all but done when it was killed.
    ///   - memory: bytes of entries that are held at once; the rest waits on disk.
    /// - Throws: `notFound` for a folder that no run can have, `running`, `truncated` where nothing was committed,
    ///   `damaged`, or `writeFailed`.
    package static func recover(
        _ folder: String,
        options: SealOptions = SealOptions(),
        faults: FileFaults = .none,
        memory: Int = 16 << 20
    ) throws(RecordingError) -> RecoveredRun {
        let name = FilePaths.name(of: folder)
        guard RunName.isFolder(name) else {
            throw RecordingError(
                .notFound,
                "A run's folder cannot be named \(name). Rename it, with letters, digits and ._-+@ only, and recover that."
            )
        }
        do {
            let run = try RunFolder(folder, faults: faults)
            if let journal = try openJournal(in: run) {
                // The lock goes with it.
                defer { withExtendedLifetime(journal) {} }
                guard try journal.lock(), try journal.size > 0 || !Folder.isClaimed(folder) else {
                    throw RecordingError(
                        .running,
                        "\(folder) belongs to a run that is still in progress, or that another psrun recovers. Let it end "
                            + "first."
                    )
                }
                // Another may have recovered it, and dropped the journal, before this one had the lock.
                let isThere = run.own.identity(of: ArchiveBuilder.journalName) == journal.identity
                if !run.own.exists(ArchiveBuilder.manifestName), isThere {
                    if try RunSeal(folder: run, options: options).finish() {
                        return RecoveredRun(manifest: try SealedRecording(folder: folder).manifest)
                    }
                    return try seal(run, from: journal, options: options, memory: memory)
                }
                // Killed when all was published and only the journal was left to drop, unless somebody else put it there.
                guard try SealedRecording(folder: folder).manifest.run == name else {
                    throw RecordingError(
                        .damaged,
                        "The manifest in \(folder) belongs to another run. Move it away, and `psrun recover` seals the journal."
                    )
                }
                if isThere { try run.own.remove(ArchiveBuilder.journalName) }
            } else {
                let found = RecordedRun(folder: folder)
                if case .killed = found.state { throw nothing(in: folder) }
                if found.isRunning { try found.requireSealed() }
            }
        } catch let error as RecordingError {
            throw error
        } catch let error as SystemError {
            throw error.asWriteFailure
        } catch {
            throw RecordingError(.writeFailed, "The recording cannot be recovered: \(error)")
        }
        return RecoveredRun(manifest: try SealedRecording(folder: folder).manifest, wasSealed: true)
    }

    /// Who owns a run's folder, or its journal, where that is not this user: `bob(1001)`.
    package static func otherOwner(of folder: String) -> String? {
        guard let run = try? RunFolder(folder) else { return nil }
        let journal = try? run.own.file(ArchiveBuilder.journalName, O_RDONLY)
        let owners = [run.own.owner, journal?.owner ?? run.own.owner]
        return owners.first { $0 != geteuid() }.map(ThisUser.name(of:))
    }

    private static func openJournal(in run: RunFolder) throws(SystemError) -> File? {
        do throws(SystemError) {
            return try run.own.file(ArchiveBuilder.journalName, O_RDWR)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    private static func seal(
        _ runFolder: RunFolder,
        from journal: File,
        options: SealOptions,
        memory: Int
    ) throws -> RecoveredRun {
        let folder = runFolder.path
        // It loses its name to the new one, and can be read for all that.
        let archived = try ArchivedEntries(in: runFolder)
        let builder = try ArchiveBuilder(folder: runFolder, memory: memory)
        var reader = JournalReader(hash: sha256)
        let size = try journal.size
        var offset: UInt64 = 0
        while reader.failure == nil, case let bytes = try journal.read(chunkBytes, at: offset), !bytes.isEmpty {
            offset += UInt64(bytes.count)
            reader.receive(bytes)
            while let block = reader.nextBlock() { try builder.take(block) }
        }
        guard let run = builder.run else {
            try builder.discard()
            throw reader.failure == nil && reader.end.committed == 0 ? nothing(in: folder) : damaged(folder)
        }
        let (ended, overflow) = run.startedSeconds.addingReportingOverflow(Int64(builder.lastTime / 1_000_000_000))
        guard !overflow else {
            try builder.discard()
            throw RecordingError(.damaged, "The journal of \(folder) begins at an impossible time.")
        }
        // What is left of a journal that somebody cut off looks whole. Its archive knows better, where it has got so far.
        let isDamaged = reader.failure != nil || archived.holdMore(than: Set(builder.hashes.values.map(\.name)))
        if isDamaged { try runFolder.own.link(ArchiveBuilder.journalName, as: damagedJournal) }
        let sealed = try builder.publish(run: run, exitCode: nil, ended: ended, options: options)
        return RecoveredRun(
            manifest: try SealedRecording(folder: folder).manifest,
            droppedBytes: size - min(size, reader.end.committed),
            isDamaged: isDamaged,
            shortcomings: sealed.shortcomings
        )
    }

    private static func damaged(_ folder: String) -> RecordingError {
        RecordingError(
            .damaged,
            "The journal in \(folder) is damaged in its first block, and nothing after that can be trusted. Keep it: there is "
                + "no other recording of the run."
        )
    }

    private static func nothing(in folder: String) -> RecordingError {
        RecordingError(
            .truncated,
            "\(folder) holds nothing to recover: psrun was killed before its first record was on disk, and so before any "
                + "target was touched. The folder can be removed."
        )
    }
}
