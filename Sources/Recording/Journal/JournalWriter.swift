import Files
import Glibc
import RecordingFormat
import Synchronization
import SystemErrors
import Threads

/// Writes a journal from one thread. Whoever records only leaves the record here; whoever commits waits for a sync that
/// all who wait share.
final class JournalWriter: Sendable {
    /// A block is closed at this size even without a commit, so that a reader never needs much more.
    private static let blockBytes = 256 << 10
    /// What may wait in memory before `waitForRoom` makes its caller wait.
    private static let roomBytes = 4 << 20
    private static let syncInterval: UInt64 = 1_000_000_000
    /// A record waits no longer before it is written, so that whoever follows the run sees it soon.
    private static let writeMilliseconds: Int32 = 100

    /// Whoever waits for the disk.
    private struct Waiting {
        var commits: [CheckedContinuation<RecordingError?, Never>] = []
        var rooms: [CheckedContinuation<Void, Never>] = []

        func goOn(_ failure: RecordingError?) {
            for commit in commits { commit.resume(returning: failure) }
            for room in rooms { room.resume() }
        }
    }

    private struct State {
        var pending: [JournalRecord] = []
        var pendingBytes = 0
        var commits: [CheckedContinuation<RecordingError?, Never>] = []
        var rooms: [CheckedContinuation<Void, Never>] = []
        /// Those who wait for what is being written: a disk that does not answer must not keep them.
        var underWay = Waiting()
        var failure: RecordingError?
        var closing = false
        /// Whether what is pending is to be written now, though nobody waits for it.
        var hurries = false
        /// Whether the thread sleeps until it is rung for.
        var isAsleep = false

        /// Whether what is pending may wait for more.
        var gathers: Bool {
            pendingBytes < JournalWriter.blockBytes && commits.isEmpty && rooms.isEmpty && !closing && !hurries
        }

        var isEmpty: Bool { pending.isEmpty && gathers }
    }

    private let state = Mutex(State())
    private let bell: Doorbell
    private let file: File
    private let clock: RecorderClock
    private let started: UInt64
    private let onFailure: @Sendable (RecordingError) -> Void
    private let onCommitted: @Sendable (_ bytes: UInt64, _ finished: Int) -> Void

    /// - Parameters:
    ///   - clock: its run begins now.
    ///   - onFailure: called once, when the journal cannot be written any more.
    ///   - onCommitted: called with the length of the file so far, and how many entries its last blocks finished.
    init(
        file: File,
        clock: RecorderClock,
        onFailure: @escaping @Sendable (RecordingError) -> Void,
        onCommitted: @escaping @Sendable (_ bytes: UInt64, _ finished: Int) -> Void
    ) throws(SystemError) {
        bell = try Doorbell()
        self.file = file
        self.clock = clock
        started = clock.nanoseconds()
        self.onFailure = onFailure
        self.onCommitted = onCommitted
    }

    func start() throws(SystemError) {
        guard startThread(named: "psrun-journal", { self.run() }) else {
            throw SystemError("start a thread", "", EAGAIN)
        }
    }

    var failure: RecordingError? { state.withLock(\.failure) }

    /// Nanoseconds since the run began.
    var now: UInt64 { clock.nanoseconds() - started }

    func append(_ record: JournalRecord) {
        let isDue = state.withLock { state in
            guard state.failure == nil else { return false }
            let before = state.pendingBytes
            state.pending.append(record)
            state.pendingBytes += record.payload.count + 64
            defer { state.isAsleep = false }
            return state.isAsleep || before < Self.blockBytes && state.pendingBytes >= Self.blockBytes
        }
        if isDue { bell.ring() }
    }

    func commit() async throws(RecordingError) {
        let failure = await withCheckedContinuation { continuation in
            let failure: RecordingError?? = state.withLock { state in
                let waits = state.failure == nil && !state.closing
                if waits { state.commits.append(continuation) }
                return waits ? nil : .some(state.failure)
            }
            if let failure { continuation.resume(returning: failure) } else { bell.ring() }
        }
        if let failure { throw failure }
    }

    /// Has what is pending written at once, and waits for nothing: it outlives this process then, but not a power cut.
    func hurry() {
        let isNews = state.withLock { state in
            guard state.failure == nil, !state.pending.isEmpty, !state.hurries else { return false }
            state.hurries = true
            return true
        }
        if isNews { bell.ring() }
    }

    /// Whether more waits for the disk than should be held in memory.
    var isFull: Bool { state.withLock { $0.failure == nil && $0.pendingBytes > Self.roomBytes } }

    func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let room = state.withLock { state in
                guard state.failure == nil, state.pendingBytes > Self.roomBytes else { return true }
                state.rooms.append(continuation)
                return false
            }
            if room { continuation.resume() }
        }
    }

    /// Gives the recording up for `error`, unless it was before.
    func fail(_ error: RecordingError) {
        let (first, waiting) = state.withLock { state in
            let first = state.failure == nil
            if first { state.failure = error }
            state.pending = []
            state.pendingBytes = 0
            defer {
                state.commits = []
                state.rooms = []
                state.underWay = Waiting()
            }
            return (first, [Waiting(commits: state.commits, rooms: state.rooms), state.underWay])
        }
        if first { onFailure(error) }
        for waiting in waiting { waiting.goOn(error) }
    }

    /// Ends the thread once all that was recorded is written.
    func close() {
        state.withLock { $0.closing = true }
        bell.ring()
    }

    // MARK: The thread

    private func run() {
        var encoder = JournalEncoder(hash: sha256)
        var written: UInt64 = 0
        var synced: (bytes: UInt64, at: UInt64) = (0, monotonicNanoseconds())
        var isIdle = false
        while true {
            waitForWork(mayFallAsleep: isIdle && written == synced.bytes)
            let batch = state.withLock { state in
                state.underWay = Waiting(commits: state.commits, rooms: state.rooms)
                defer {
                    state.pending = []
                    state.pendingBytes = 0
                    state.commits = []
                    state.rooms = []
                    state.hurries = false
                }
                return state
            }
            isIdle = batch.pending.isEmpty
            do throws(SystemError) {
                written += try write(batch.pending, with: &encoder)
                let due = monotonicNanoseconds() - synced.at >= Self.syncInterval
                if !batch.commits.isEmpty || due || batch.closing {
                    if written > synced.bytes { try file.syncData() }
                    synced = (written, monotonicNanoseconds())
                }
            } catch {
                fail(error.asWriteFailure)
            }
            let failure = failure
            // Before anybody goes on: who seals behind a commit finds the archive told of all that was committed.
            if failure == nil { onCommitted(written, batch.pending.count { $0.kind == .finish }) }
            let waiting = state.withLock { state in
                defer { state.underWay = Waiting() }
                return state.underWay
            }
            waiting.goOn(failure)
            guard failure == nil else { return }
            if batch.closing && batch.pending.isEmpty { return }
            if batch.closing { bell.ring() }
        }
    }

    /// Returns when somebody waits for what is pending, or when it has waited long enough. Whoever records need not ring
    /// unless the thread fell asleep, which it does only when nothing came for a while.
    private func waitForWork(mayFallAsleep: Bool) {
        let sleeps = state.withLock { state in
            state.isAsleep = mayFallAsleep && state.isEmpty
            return state.isAsleep
        }
        bell.wait(milliseconds: sleeps ? -1 : Self.writeMilliseconds)
        if sleeps, state.withLock(\.gathers) { bell.wait(milliseconds: Self.writeMilliseconds) }
    }

    /// Writes records as blocks; returns how many bytes they took.
    private func write(_ records: [JournalRecord], with encoder: inout JournalEncoder) throws(SystemError) -> UInt64 {
        var bytes: UInt64 = 0
        for (index, record) in records.enumerated() {
            encoder.append(record)
            guard encoder.pendingBytes >= Self.blockBytes || index == records.count - 1 else { continue }
            let block = encoder.closeBlock(time: now)
            try file.write(block)
            bytes += UInt64(block.count)
        }
        return bytes
    }
}
