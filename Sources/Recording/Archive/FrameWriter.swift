import Files
import Glibc
import Synchronization
import SystemErrors
import Threads

/// Has zstd frames compressed and appended to the archive's file on a thread of its own, so that whoever makes the tar
/// stream goes on meanwhile.
final class FrameWriter: Sendable {
    /// What may wait to be compressed.
    private static let queueBytes = 4 << 20

    private enum Piece {
        /// A part of the open frame; with the last one the frame ends.
        case part([UInt8], isLast: Bool)
        /// Bytes that are not part of the tar stream.
        case plain([UInt8])

        var bytes: [UInt8] {
            switch self {
            case .part(let bytes, _), .plain(let bytes): bytes
            }
        }
    }

    private struct State {
        var queue: [Piece] = []
        var queuedBytes = 0
        /// Whether the thread is at work on what it has taken from the queue.
        var isBusy = false
        var written = Written()
        var failure: SystemError?
        var closing = false
    }

    /// What is in the file.
    struct Written {
        /// Where each frame lies.
        var frames: [Range<UInt64>] = []
        var bytes: UInt64 = 0
        /// SHA-256 of all of it, in hexadecimal.
        var hash = ""
    }

    private let file: File
    private let state = Mutex(State())
    private let work: Doorbell
    private let progress: Doorbell

    /// - Parameter file: empty.
    init(file: File) throws(SystemError) {
        self.file = file
        work = try Doorbell()
        progress = try Doorbell()
        guard startThread(named: "psrun-frames", { self.run() }) else {
            throw SystemError("start a thread", "", EAGAIN)
        }
    }

    /// Ends the thread, whatever waits.
    func close() {
        state.withLock { $0.closing = true }
        work.ring()
    }

    /// Adds to the open frame, or begins one; blocks while too much waits.
    func write(_ bytes: [UInt8], endsFrame: Bool) throws(SystemError) {
        try push(.part(bytes, isLast: endsFrame))
    }

    /// Appends bytes behind the last frame.
    func append(_ bytes: [UInt8]) throws(SystemError) {
        try push(.plain(bytes))
    }

    /// Waits until all is written.
    func drain() throws(SystemError) -> Written {
        while true {
            let (written, failure) = state.withLock { state in
                (state.queue.isEmpty && !state.isBusy ? state.written : nil, state.failure)
            }
            if let failure { throw failure }
            if let written { return written }
            progress.wait(milliseconds: -1)
        }
    }

    private func push(_ piece: Piece) throws(SystemError) {
        let count = piece.bytes.count
        while true {
            let (pushed, failure) = state.withLock { state in
                guard state.failure == nil else { return (false, state.failure) }
                guard state.queue.isEmpty || state.queuedBytes + count <= Self.queueBytes else { return (false, nil) }
                state.queue.append(piece)
                state.queuedBytes += count
                return (true, nil)
            }
            if let failure { throw failure }
            if pushed { return work.ring() }
            progress.wait(milliseconds: -1)
        }
    }

    // MARK: The thread

    private func run() {
        let frames = ZstdFrameWriter()
        let hash = SHA256()
        var written = Written()
        var frameStart: UInt64 = 0
        func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
            try file.write(bytes)
            hash.update(bytes)
            written.bytes += UInt64(bytes.count)
        }
        func put(_ piece: Piece) throws(SystemError) {
            switch piece {
            case .plain(let bytes): try bytes.withRawBytes(append)
            case .part(let bytes, let isLast):
                try bytes.withRawBytes { (raw) throws(SystemError) in try frames.take(raw, append) }
                guard isLast else { return }
                try frames.end(append)
                written.frames.append(frameStart..<written.bytes)
            }
            frameStart = written.bytes
        }
        while true {
            let (pieces, closing) = state.withLock { state in
                let pieces = state.queue
                state.queue = []
                state.queuedBytes = 0
                state.isBusy = !pieces.isEmpty
                return (pieces, state.closing)
            }
            if closing { return }
            do throws(SystemError) {
                for piece in pieces { try put(piece) }
            } catch {
                state.withLock { $0.failure = error }
                return progress.ring()
            }
            if !pieces.isEmpty { written.hash = hash.hexadecimalDigest() }
            state.withLock { state in
                state.isBusy = false
                state.written = written
            }
            progress.ring()
            if pieces.isEmpty { work.wait(milliseconds: -1) }
        }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes`, for what throws only errors of the system.
    fileprivate func withRawBytes(_ body: (UnsafeRawBufferPointer) throws(SystemError) -> Void) throws(SystemError) {
        var failure: SystemError?
        withUnsafeBytes { raw in
            do throws(SystemError) { try body(raw) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
