import Synchronization

/// The writes and syncs of this process that are under way. A system call that waits for a disk cannot be given up: all
/// that can be known is how long a disk has not answered, and all that can be done is to wait for it no longer.
package enum DiskWait {
    private struct State {
        /// When each began, on the monotonic clock.
        var begun: [UInt64: UInt64] = [:]
        var last: UInt64 = 0
    }

    private static let state = Mutex(State())

    /// How long the one that has lasted longest has lasted, in nanoseconds; 0 where there is none.
    package static var longest: UInt64 {
        let first = state.withLock { $0.begun.values.min() }
        return first.map { monotonicNanoseconds() - $0 } ?? 0
    }

    static func begin() -> UInt64 {
        let now = monotonicNanoseconds()
        return state.withLock { state in
            state.last += 1
            state.begun[state.last] = now
            return state.last
        }
    }

    static func end(_ number: UInt64) {
        state.withLock { _ = $0.begun.removeValue(forKey: number) }
    }
}
