import Glibc
import Synchronization

/// Whether the system lets this process have so many more threads: limits on processes count them (setrlimit(2),
/// RLIMIT_NPROC; cgroups, pids.max).
///
/// Swift's own threads are begun where work first needs them, and where that fails its library waits for ever.
package enum ThreadRoom {
    /// What each thread waits at until all have begun.
    private final class Gate: Sendable {
        let isShut = Mutex(())

        func pass() { isShut.withLock { _ in } }
    }

    /// They do nothing: limits on memory (RLIMIT_DATA) count whole stacks.
    private static let stackBytes = 64 << 10

    /// Starts so many threads at once, and ends them again; blocks until they have ended.
    /// - Returns: whether there was room for all of them.
    package static func isEnough(for count: Int) -> Bool {
        let gate = Gate()
        let before = counted
        let threads = gate.isShut.withLock { _ in
            var started: [pthread_t] = []
            let body = ThreadBody("psrun-room") { gate.pass() }
            while started.count < count, let thread = start(body, stackBytes: Self.stackBytes) {
                started.append(thread)
            }
            return started
        }
        for thread in threads { pthread_join(thread, nil) }
        // A thread can be joined a moment before the system counts it no more: the next one would still lack its room.
        var looks = 1
        while looks < 1_000, counted > before {
            usleep(100)
            looks += 1
        }
        return threads.count == count
    }

    /// This process's threads as the system counts them (proc(5), /proc/PID/task: a link each, and two of the folder).
    static var counted: Int {
        var facts = stat()
        return stat("/proc/self/task", &facts) == 0 ? Int(facts.st_nlink) : 0
    }
}
