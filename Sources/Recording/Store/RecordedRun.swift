import Files
import Glibc
package import RecordingFormat
import SystemErrors

/// A run's folder in a recordings folder.
package struct RecordedRun: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        /// Its archive and manifest are published.
        case sealed(Manifest)
        /// Its archive was removed, its manifest and a tombstone left.
        case pruned(Manifest, Tombstone)
        /// psrun is writing its journal. The description is nil while it has not been written yet.
        case running(RunDescription?)
        /// psrun ended without sealing it. The description is nil where not even that was written.
        case killed(RunDescription?)
        /// There is an archive without a manifest or a journal, or a manifest that cannot be read.
        case damaged
        /// Its files are not for this user to read, so that nobody can tell.
        case unreadable
    }

    package let folder: String
    package let state: State

    /// The folder's name.
    package var name: String { FilePaths.name(of: folder) }

    /// The recordings folder that it lies in.
    package var recordingsFolder: String { Self.recordingsFolder(of: folder) }

    /// The recordings folder that a run's folder lies in.
    package static func recordingsFolder(of folder: String) -> String {
        FilePaths.parent(of: FilePaths.resolved(folder) ?? folder)
    }

    /// Whether there is a signature beside the manifest; whose it is, and of what, is for `verify` to say.
    package let isSigned: Bool

    /// Looks at a folder; changes nothing.
    package init(folder: String) {
        self.folder = folder
        state = Self.settledState(of: folder)
        isSigned = FilePaths.exists("\(folder)/\(RunSeal.signatureName)")
    }

    /// What is found out file by file may be overtaken by a seal, or be a folder that is just being made: then it is looked
    /// at again.
    private static func settledState(of folder: String) -> State {
        var state = look(at: folder)
        for _ in 0..<3 {
            switch state {
            case .sealed, .pruned, .running, .unreadable: return state
            case .damaged where isPruned(folder): return state
            case .killed(nil):
                guard isFresh(folder) else { return state }
                usleep(20_000)
                state = look(at: folder)
                continue
            // Where the manifest has its name by now, the run was just being sealed.
            case .killed, .damaged:
                guard FilePaths.exists("\(folder)/\(ArchiveBuilder.manifestName)") else { return state }
            }
            let before = state
            state = look(at: folder)
            if state == before { return state }
        }
        return state
    }

    /// Whether something was made in it in these seconds: on a busy machine whoever makes it may not have claimed it yet.
    private static func isFresh(_ folder: String) -> Bool {
        Int64(time(nil)) - FilePaths.modificationNanoseconds(folder) / 1_000_000_000 < 3
    }

    private static func look(at folder: String) -> State {
        guard !isForbidden(folder) else { return .unreadable }
        if FilePaths.exists("\(folder)/\(ArchiveBuilder.manifestName)") {
            guard let manifest = try? SealedRecording.manifest(in: folder) else { return .damaged }
            guard isPruned(folder) else { return .sealed(manifest) }
            return (try? tombstone(in: folder)).map { .pruned(manifest, $0) } ?? .damaged
        }
        guard let journal = try? File("\(folder)/\(ArchiveBuilder.journalName)", O_RDONLY) else {
            if FilePaths.exists("\(folder)/\(ArchiveBuilder.archiveName)") { return .damaged }
            return Folder.isClaimed(folder) ? .running(nil) : .killed(nil)
        }
        let description = try? readDescription(from: journal)
        let isRunning = (try? journal.isLocked) == true || description == nil && Folder.isClaimed(folder)
        return isRunning ? .running(description) : .killed(description)
    }

    /// Whether what would tell of the run is there for other users only.
    private static func isForbidden(_ folder: String) -> Bool {
        [ArchiveBuilder.manifestName, ArchiveBuilder.journalName].contains {
            access("\(folder)/\($0)", R_OK) != 0 && errno == EACCES
        }
    }

    /// Whether there is a tombstone.
    static func isPruned(_ folder: String) -> Bool {
        FilePaths.exists("\(folder)/\(Tombstone.fileName)")
    }

    private static func tombstone(in folder: String) throws(SystemError) -> Tombstone {
        let file = try File("\(folder)/\(Tombstone.fileName)", O_RDONLY)
        guard
            try file.size <= RecordingBound.tombstone.limit,
            let tombstone = Tombstone(try file.read(Int(file.size), at: 0))
        else {
            throw SystemError("decode", file.path, EILSEQ)
        }
        return tombstone
    }

    /// The journal's first block holds the run's description, and before it nothing.
    private static func readDescription(from journal: File) throws(SystemError) -> RunDescription? {
        var reader = JournalReader(hash: sha256)
        var offset: UInt64 = 0
        while reader.failure == nil, case let bytes = try journal.read(256 << 10, at: offset), !bytes.isEmpty {
            offset += UInt64(bytes.count)
            reader.receive(bytes)
            guard let block = reader.nextBlock() else { continue }
            guard block.records.count >= 2, block.records[0].kind == .run else { return nil }
            return RunDescription(
                journalPayload: block.records[0].payload,
                playbookBytes: Array(block.records[1].payload)
            )
        }
        return nil
    }
}
