import CLinux
import Files
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
        /// Whether the loop is to end, and takes no more.
        var isClosed = false
        /// Told once the loop has ended.
        var waiters: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    /// Readable, edge-triggered, each time the loop is to wake: nobody has to read from it.
    private let wakeup: FileDescriptor
    private let state = Mutex(State())
    /// Identity of the loop's thread, 0 before it runs and after it has ended.
    private let thread = Atomic<UInt>(0)
    /// How many are about to write to `wakeup`, which must not be closed before they have.
    private let waking = Atomic(0)

    init() throws(NoDescriptor) {
        let number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw NoDescriptor(code: errno) }
        wakeup = FileDescriptor(owning: number)
    }

    /// What the loop sleeps on.
    var descriptor: Int32 { wakeup.raw }

    var isOnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Leaves a job. What comes for a loop that has been told to end is dropped: whoever left it is over as well.
    func post(_ job: Job) {
        let mustWake = state.withLock { state in
            guard !state.isClosed else { return false }
            state.jobs.append(job)
            // The loop's own thread looks in here before it sleeps again.
            guard state.isAsleep, !isOnThread else { return false }
            state.isAsleep = false
            waking.add(1, ordering: .relaxed)
            return true
        }
        if mustWake { wake() }
    }

    /// Tells the loop to end once it has run what is there.
    func close() {
        let isFirst = state.withLock { state in
            guard !state.isClosed else { return false }
            state.isClosed = true
            waking.add(1, ordering: .relaxed)
            return true
        }
        if isFirst { wake() }
    }

    private func wake() {
        eventfd_write(wakeup.raw, 1)
        waking.subtract(1, ordering: .releasing)
    }

    /// Returns once the loop has ended.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: On the loop's thread

    func openOnThisThread() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
    }

    /// All that was left so far.
    func take() -> [Job] {
        state.withLock { state in
            defer {
                state.jobs = []
                state.isAsleep = false
            }
            return state.jobs
        }
    }

    /// What a loop that has done its jobs does next.
    enum Next {
        /// More jobs have come.
        case work
        /// Nothing is left: whoever leaves something from now on wakes it.
        case sleep
        /// It was told to end, and has run what was left for it.
        case end
    }

    func next() -> Next {
        state.withLock { state in
            guard state.jobs.isEmpty else { return .work }
            guard !state.isClosed else { return .end }
            state.isAsleep = true
            return .sleep
        }
    }

    /// The loop's last act: its descriptor is closed, and whoever waits for its end goes on.
    func end() {
        thread.store(0, ordering: .relaxed)
        while waking.load(ordering: .acquiring) > 0 { sched_yield() }
        Glibc.close(wakeup.release())
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
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
