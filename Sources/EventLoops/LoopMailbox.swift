import CLinux
import Glibc
import Synchronization

/// What any thread leaves for a loop's, and how that one is woken for it.
final class LoopMailbox: Sendable {
    enum Job: Sendable {
        /// Of an actor that lives on the loop.
        case isolated(UnownedJob)
        /// Of a task that prefers the loop, outside any actor.
        case task(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private struct State {
        var jobs: [Job] = []
        /// Whether the loop sleeps, or is about to, and nobody has woken it yet.
        var isAsleep = false
    }

    /// Readable, edge-triggered, each time the loop is to wake: nobody has to read from it.
    let wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    private let state = Mutex(State())
    /// Identity of the loop's thread, 0 before it runs.
    private let thread = Atomic<UInt>(0)

    var isOnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func post(_ job: Job) {
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            // The loop's own thread looks in here before it sleeps again.
            guard state.isAsleep, !isOnThread else { return false }
            state.isAsleep = false
            return true
        }
        if mustWake { eventfd_write(wakeup, 1) }
    }

    // MARK: On the loop's thread

    func openOnThisThread() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
    }

    /// All that was left so far.
    func take() -> [Job] {
        state.withLock { state in
            defer { state = State() }
            return state.jobs
        }
    }

    /// Whether the loop may sleep: whoever leaves something from now on wakes it.
    func maySleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.jobs.isEmpty
            return state.isAsleep
        }
    }
}

/// Runs tasks on a loop's thread, next to the connections that they use, so that neither has to wake another thread.
/// They must not block, no more than anything on a loop.
final class LoopTaskExecutor: TaskExecutor {
    private let mailbox: LoopMailbox

    init(_ mailbox: LoopMailbox) {
        self.mailbox = mailbox
    }

    func enqueue(_ job: consuming ExecutorJob) {
        mailbox.post(.task(UnownedJob(job)))
    }
}
