import CLinux
import Glibc
import Synchronization

/// Begins a detached thread that takes no signals: those are for who asked for them.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)

    // A new thread inherits its maker's mask.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(name, body)).toOpaque()
    let failure = pthread_create(
        &thread,
        &attributes,
        { argument in
            guard let argument else { return nil }
            let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
            pthread_setname_np(pthread_self(), body.name)
            body.run()
            return nil
        },
        argument
    )
    precondition(failure == 0, "no thread to be had")
}

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
