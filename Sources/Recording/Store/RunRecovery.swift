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
    /// Whether these are damaged, and not just cut off: some may have been acknowledged. The journal is kept then.
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
            if let journal = try openJournal(in: folder) {
                guard try journal.lock() else {
                    throw RecordingError(
                        .running,
                        "\(folder) belongs to a run that is still in progress. Let it end first."
                    )
                }
                if !FilePaths.exists("\(folder)/\(ArchiveBuilder.manifestName)") {
                    if try RunSeal(folder: folder, faults: faults, options: options).finish() {
                        return RecoveredRun(manifest: try SealedRecording(folder: folder).manifest)
                    }
                    return try seal(folder, from: journal, options: options, faults: faults, memory: memory)
                }
                // Killed when all was published and only the journal was left to drop, unless somebody else put it there.
                guard try SealedRecording(folder: folder).manifest.run == name else {
                    throw RecordingError(
                        .damaged,
                        "The manifest in \(folder) belongs to another run. Move it away, and `psrun recover` seals the journal."
                    )
                }
                try FilePaths.remove(journal.path)
            } else if case .killed = RecordedRun(folder: folder).state {
                throw nothing(in: folder)
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

    private static func openJournal(in folder: String) throws(SystemError) -> File? {
        do throws(SystemError) {
            return try File("\(folder)/\(ArchiveBuilder.journalName)", O_RDWR)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    private static func seal(
        _ folder: String,
        from journal: File,
        options: SealOptions,
        faults: FileFaults,
        memory: Int
    ) throws -> RecoveredRun {
        let builder = try ArchiveBuilder(folder: folder, faults: faults, memory: memory)
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
        if reader.failure != nil { try FilePaths.link(journal.path, as: damagedJournal) }
        let sealed = try builder.publish(run: run, exitCode: nil, ended: ended, options: options)
        return RecoveredRun(
            manifest: try SealedRecording(folder: folder).manifest,
            droppedBytes: size - reader.end.committed,
            isDamaged: reader.failure != nil,
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
