import Glibc
import Synchronization

/// A few threads for calls that block by nature: name resolution, bcrypt, a slow agent, a process's start.
///
/// Who waits for a call may give it up; the call then runs on by itself, and its thread is free again when it returns.
package final class BlockingPool: Sendable {
    private struct State {
        var queue: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    package static let shared = BlockingPool(threads: 16)

    private let limit: Int
    private let state = Mutex(State())
    private let work = Semaphore()

    package init(threads: Int) {
        limit = threads
    }

    package func submit(_ call: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.queue.append(call)
            guard state.idle < state.queue.count, state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if needsThread { startThread(named: "psrun-blocking") { [self] in serve() } }
        work.signal()
    }

    private func serve() {
        while true {
            state.withLock { $0.idle += 1 }
            work.wait()
            let call = state.withLock { state in
                state.idle -= 1
                return state.queue.removeFirst()
            }
            call()
        }
    }
}

/// A counting semaphore of the C library's.
private final class Semaphore: Sendable {
    private nonisolated(unsafe) let handle: UnsafeMutablePointer<sem_t>

    init() {
        handle = .allocate(capacity: 1)
        sem_init(handle, 0, 0)
    }

    deinit {
        sem_destroy(handle)
        handle.deallocate()
    }

    func signal() { sem_post(handle) }

    func wait() {
        while sem_wait(handle) != 0 && errno == EINTR {}
    }
}
