import Glibc
import Synchronization
import Threads

/// Writes text to a descriptor from a thread of its own, in order, so that nobody else waits for a slow reader.
package final class OutputWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isScheduled = false
        /// Why writing ended; 0 while it works.
        var failure: Int32 = 0
    }

    /// More than this waits for the reader: who writes should wait as well.
    private static let room = 1 << 20

    private let descriptor: Int32
    /// Its one thread, begun when there is something to write.
    private let thread = Lane("psrun-output", width: 1, ceiling: 1)
    private let state = Mutex(State())

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    package func write(_ text: String) {
        write(Array(text.utf8))
    }

    package func write(_ bytes: [UInt8]) {
        let mustSchedule = state.withLock { state in
            guard state.failure == 0 else { return false }
            state.pending += bytes
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { thread.submit { self.writePending() } }
    }

    /// Returns once little enough is waiting.
    package func waitForRoom() async {
        guard state.withLock({ $0.pending.count > Self.room }) else { return }
        _ = await flush()
    }

    /// Returns once all is written, or cannot be.
    /// - Returns: the error number where writing failed, else 0.
    package func flush() async -> Int32 {
        await withCheckedContinuation { continuation in
            thread.submit {
                self.writePending()
                continuation.resume()
            }
        }
        return state.withLock { $0.failure }
    }

    private func writePending() {
        let bytes = state.withLock { state in
            state.isScheduled = false
            defer { state.pending = [] }
            return state.pending
        }
        var done = 0
        while done < bytes.count {
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
            done += count
        }
    }
}
