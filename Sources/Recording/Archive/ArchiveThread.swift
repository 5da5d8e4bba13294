import Files
import Glibc
import RecordingFormat
import Synchronization
import SystemErrors
import Threads

/// Follows a journal on a thread of its own and builds the archive behind it. The journal's file is the queue between
/// the two threads: it takes no memory, however far the archive is behind.
final class ArchiveThread: Sendable {
    private struct State {
        /// How much of the journal's file may be read.
        var committed: UInt64 = 0
        /// Entries that have finished since the archive was last told to follow.
        var finished = 0
        var seal: Seal?
        var closing = false
    }

    typealias SealResult = Result<SealedRun, RecordingError>

    private struct Seal {
        let exitCode: Int32
        let ended: Int64
        let options: SealOptions
        let continuation: CheckedContinuation<SealResult, Never>
    }

    /// So much of the journal is let lie before the archive follows, unless a frame of entries has finished.
    private static let lagBytes: UInt64 = 8 << 20

    private let state = Mutex(State())
    private let bell: Doorbell
    private let folder: RunFolder
    private let journal: File
    private let onFailure: @Sendable (RecordingError) -> Void

    init(
        folder: RunFolder,
        journal: File,
        onFailure: @escaping @Sendable (RecordingError) -> Void
    ) throws(SystemError) {
        bell = try Doorbell()
        self.folder = folder
        self.journal = journal
        self.onFailure = onFailure
    }

    func start() throws(SystemError) {
        guard startThread(named: "psrun-archive", { self.run() }) else {
            throw SystemError("start a thread", "", EAGAIN)
        }
    }

    /// The journal's file is `bytes` long now.
    /// - Parameter finished: entries that end in what is new.
    func follow(_ bytes: UInt64, finished: Int) {
        let due = state.withLock { state in
            state.finished += finished
            let due =
                state.finished >= ArchiveBuilder.groupEntries
                || bytes / Self.lagBytes != state.committed / Self.lagBytes
            if due { state.finished = 0 }
            state.committed = bytes
            return due
        }
        if due { bell.ring() }
    }

    /// Completes and publishes the archive from the journal as it is, and ends the thread.
    func seal(exitCode: Int32, ended: Int64, options: SealOptions) async -> SealResult {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.seal = Seal(exitCode: exitCode, ended: ended, options: options, continuation: continuation)
            }
            bell.ring()
        }
    }

    /// Answers whoever waits for the seal: the thread may be held by a disk.
    func giveUp(_ error: RecordingError) {
        let seal = state.withLock { state in
            defer { state.seal = nil }
            return state.seal
        }
        seal?.continuation.resume(returning: .failure(error))
    }

    /// Ends the thread without an archive.
    func close() {
        state.withLock { $0.closing = true }
        bell.ring()
    }

    // MARK: The thread

    private func run() {
        do throws(SystemError) {
            guard let sealed = try build() else { return }
            answer(with: .success(sealed))
        } catch {
            let failure = error.asWriteFailure
            onFailure(failure)
            answer(with: .failure(failure))
        }
    }

    /// Builds until it is told to seal or to close.
    private func build() throws(SystemError) -> SealedRun? {
        let builder = try ArchiveBuilder(folder: folder)
        // Once published it has another name; without that, the journal is all that recovery needs.
        defer { try? builder.discard() }
        var reader = JournalReader(hash: sha256)
        var read: UInt64 = 0
        while true {
            bell.wait(milliseconds: -1)
            let (committed, seal, closing) = state.withLock { ($0.committed, $0.seal, $0.closing) }
            guard !closing else { return nil }
            while read < committed {
                let bytes = try journal.read(min(ArchiveBuilder.pieceBytes, Int(committed - read)), at: read)
                read += UInt64(bytes.count)
                reader.receive(bytes)
                while let block = reader.nextBlock() { try builder.take(block) }
                // What was just written reads back as something else: the disk fails, or another writes here.
                guard !bytes.isEmpty, reader.failure == nil else {
                    throw SystemError("read back", journal.path, EIO)
                }
            }
            guard let seal else { continue }
            // An archive that lacks the journal's end must not take the journal's place.
            guard let run = builder.run, try read == journal.size else {
                throw SystemError("read back", journal.path, EIO)
            }
            return try builder.publish(
                run: run,
                exitCode: seal.exitCode,
                ended: seal.ended,
                options: seal.options
            )
        }
    }

    /// Answers whoever waits for the seal, now or later.
    private func answer(with result: SealResult) {
        while true {
            let (seal, closing) = state.withLock { state in
                defer { state.seal = nil }
                return (state.seal, state.closing)
            }
            if let seal { return seal.continuation.resume(returning: result) }
            if closing { return }
            bell.wait(milliseconds: -1)
        }
    }
}
