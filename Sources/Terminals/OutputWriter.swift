import Files
import Glibc
import Synchronization
package import Threads

/// Writes to a descriptor from a thread of its own, in order, so that nobody else waits for a slow reader.
package final class OutputWriter: Sendable {
    /// What is written in its turn.
    private enum Piece {
        case bytes([UInt8])
        /// What is read only when it is written, piece by piece, up to nil.
        case source(@Sendable () -> [UInt8]?)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .source: 0
            }
        }
    }

    private struct Waiter {
        /// How much may be unwritten when it goes on.
        let room: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    /// What the thread does.
    private enum Activity {
        case none
        /// All is written, and it stays a moment for more.
        case lingering
        /// It writes, or was told to.
        case writing
    }

    private struct State {
        var pending: [Piece] = []
        /// Bytes that wait or are being written.
        var unwritten = 0
        var activity = Activity.none
        /// When all was written last, on the monotonic clock.
        var lastDone: UInt64 = 0
        /// By how many what comes is held back, and what was held back by now.
        var holders = 0
        var held: [Piece] = []
        /// Whether more came than is held back.
        var hasOverflown = false
        /// Why writing ended; 0 while it works.
        var failure: Int32 = 0
        /// Whether somebody gave up waiting for the reader: what does not fit is dropped from then on.
        var isGivenUp = false
        var hasDropped = false
        /// When the reader last took something, or writing began, on the monotonic clock.
        var lastTaken: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0

        var isAtWork: Bool { activity == .writing }

        /// - Returns: whether the thread has to be told.
        mutating func queue(_ pieces: [Piece]) -> Bool {
            pending += pieces
            unwritten += pieces.reduce(0) { $0 + $1.count }
            if !isAtWork { lastTaken = monotonicNanoseconds() }
            defer { activity = .writing }
            return activity == .none
        }

        /// - Returns: false where something came meanwhile.
        mutating func goesToSleep() -> Bool {
            guard activity == .lingering else { return false }
            activity = .none
            return true
        }

        /// Queues what was held back.
        mutating func release() -> Bool {
            defer { held = [] }
            return queue(held)
        }

        mutating func goingOn() -> [Waiter] {
            let left = unwritten
            let isOver = !isAtWork
            let ready = waiters.filter { isOver || left <= $0.value.room && $0.value.room > 0 }
            for number in ready.keys { waiters[number] = nil }
            return Array(ready.values)
        }
    }

    /// More than this waits for the reader: who writes should wait as well.
    private static let room = 1 << 20

    private let descriptor: Int32
    /// What stands on the same terminal below all that is written.
    private let status: StatusLine?
    /// Whether the status line is to be drawn, and is not yet.
    private let isToDraw = Atomic(false)
    /// Its one thread.
    private let thread: Lane
    private let state = Mutex(State())

    /// - Parameters:
    ///   - begins: whether its thread begins now, so that there is one later.
    ///   - status: gives way to what is written.
    package init(descriptor: Int32, begins: Bool = false, status: StatusLine? = nil) {
        self.descriptor = descriptor
        self.status = status
        thread = Lane("psrun-output", width: 1, ceiling: 1)
        if begins { thread.begin() }
    }

    package func write(_ text: String) {
        write(Array(text.utf8))
    }

    package func write(_ bytes: [UInt8]) {
        if !bytes.isEmpty { write([.bytes(bytes)]) }
    }

    /// Writes bytes, and then what `source` gives piece by piece when their turn has come, up to nil; then bytes again.
    /// Nothing else comes between.
    package func write(_ before: [UInt8], then source: @escaping @Sendable () -> [UInt8]?, then after: [UInt8]) {
        write([.bytes(before), .source(source), .bytes(after)])
    }

    private func write(_ pieces: [Piece]) {
        let mustSchedule = state.withLock { state in
            guard state.failure == 0 else { return false }
            guard !state.isGivenUp || state.unwritten <= Self.room else {
                state.hasDropped = true
                return false
            }
            if state.holders > 0 {
                state.held += pieces
                guard state.held.reduce(0, { $0 + $1.count }) > Self.room else { return false }
                state.hasOverflown = true
                return state.release()
            }
            return state.queue(pieces)
        }
        if mustSchedule { thread.submit { self.writePending() } }
    }

    /// Draws the status line behind what was written so far; not where that is still to be drawn.
    /// - Parameter line: asked for it when it is drawn.
    package func draw(_ line: @escaping @Sendable () -> String) {
        guard let status, !isToDraw.exchange(true, ordering: .acquiringAndReleasing) else { return }
        thread.submit { [self] in
            isToDraw.store(false, ordering: .releasing)
            status.draw(line())
        }
    }

    /// Has the status line go, in its turn.
    package func eraseStatus() {
        if status != nil { write([.bytes([])]) }
    }

    /// Holds back what comes from now on, up to what may wait for a reader: more than that is written all the same.
    package func hold() {
        state.withLock { $0.holders += 1 }
    }

    /// Ends what `hold` began.
    package func letGo() {
        let mustSchedule = state.withLock { state in
            state.holders -= 1
            return state.holders == 0 && !state.held.isEmpty && state.release()
        }
        if mustSchedule { thread.submit { self.writePending() } }
    }

    /// Whether more came than is held back, since this was asked last.
    package func takeOverflow() -> Bool {
        state.withLock { state in
            defer { state.hasOverflown = false }
            return state.hasOverflown
        }
    }

    /// Whether somebody gave up waiting for the reader, who still does not read.
    package var hasLostReader: Bool { state.withLock { $0.isGivenUp && $0.isAtWork } }

    /// For how long the reader has taken nothing of what there is; zero where there is nothing.
    package var silence: Duration {
        let since = state.withLock { $0.isAtWork ? $0.lastTaken : nil }
        return since.map { .nanoseconds(Int64(clamping: monotonicNanoseconds() - $0)) } ?? .zero
    }

    /// Returns once little enough is waiting, or the patience has ended.
    package func waitForRoom(_ patience: Patience) async {
        guard state.withLock({ $0.unwritten > Self.room }) else { return }
        await wait(room: Self.room, patience)
    }

    /// Returns once all is written, or cannot be, or the patience has ended.
    /// - Returns: the error number where writing failed, ETIMEDOUT where not all was written in time, else 0.
    package func flush(_ patience: Patience = Patience()) async -> Int32 {
        await wait(room: 0, patience)
        return state.withLock { state in
            state.failure != 0 ? state.failure : state.isAtWork || state.hasDropped ? ETIMEDOUT : 0
        }
    }

    private func wait(room: Int, _ patience: Patience) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let note = patience.whenOver { [weak self] in self?.giveUp(number) }
        defer { patience.forget(note) }
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                guard state.isAtWork, state.unwritten > room || room == 0 else { return false }
                state.waiters[number] = Waiter(room: room, continuation: continuation)
                return true
            }
            guard waits else { return continuation.resume() }
            // Where it ended before this one was there to be freed.
            if patience.isOver { giveUp(number) }
        }
    }

    private func giveUp(_ number: UInt64) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: number)
            if waiter != nil { state.isGivenUp = true }
            return waiter
        }
        waiter?.continuation.resume()
    }

    // MARK: The thread

    /// Where much is written, the thread stays for so many microseconds: to wake it costs more than most writes.
    private static let moment: useconds_t = 200
    /// Much is written where what comes next comes within so many nanoseconds.
    private static let much: UInt64 = 1_000_000
    /// So much is written at once, where it is there.
    private static let mostAtOnce = 64 << 10

    private func writePending() {
        let lingers = state.withLock { monotonicNanoseconds() - $0.lastDone < Self.much }
        repeat {
            while let pieces = takePending(lingers: lingers) {
                for piece in Self.joined(pieces) {
                    switch piece {
                    case .bytes(let bytes): write(out: bytes)
                    case .source(let next):
                        while state.withLock({ $0.failure == 0 }), let bytes = next() { write(out: bytes) }
                    }
                    resume { $0.unwritten -= piece.count }
                }
            }
            resume { _ in }
            if lingers { usleep(Self.moment) }
        } while lingers && !state.withLock({ $0.goesToSleep() })
    }

    /// - Returns: nil where all is written.
    private func takePending(lingers: Bool) -> [Piece]? {
        state.withLock { state in
            guard state.pending.isEmpty || state.failure != 0 else {
                defer { state.pending = [] }
                return state.pending
            }
            state.pending = []
            state.activity = lingers ? .lingering : .none
            state.lastDone = monotonicNanoseconds()
            return nil
        }
    }

    /// Bytes that follow each other as one piece, up to what is written at once.
    private static func joined(_ pieces: [Piece]) -> [Piece] {
        var joined: [Piece] = []
        for piece in pieces {
            guard case .bytes(let bytes) = piece, case .bytes(var together)? = joined.last,
                together.count + bytes.count <= mostAtOnce
            else {
                joined.append(piece)
                continue
            }
            joined.removeLast()
            together += bytes
            joined.append(.bytes(together))
        }
        return joined
    }

    private func resume(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return state.goingOn()
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    private func write(out bytes: [UInt8]) {
        guard let status else { return put(bytes) }
        status.giveWay { put(bytes) }
    }

    private func put(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count, state.withLock({ $0.failure == 0 }) {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = Glibc.poll(&poll, 1, -1)
                continue
            }
            guard count >= 0 else {
                let code = errno
                return state.withLock { $0.failure = code }
            }
            state.withLock { $0.lastTaken = monotonicNanoseconds() }
            done += count
        }
    }
}
