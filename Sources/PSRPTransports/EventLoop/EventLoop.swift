import CLinux
import Glibc
import Synchronization

/// One thread over epoll(7) that drives any number of descriptors and timers, and runs the actors that own them.
///
/// An actor that names the loop as its executor has its state confined to that thread by the compiler: descriptors'
/// handlers and timers come back to it through `assumeIsolated`. Nothing that blocks may run here; see `BlockingPool`.
package final class EventLoop: SerialExecutor {
    /// What other threads leave for the loop.
    private struct Mailbox {
        var jobs: [Job] = []
        /// Whether the wake-up descriptor was written to since the loop last emptied the mailbox.
        var isSignalled = false
    }

    private enum Job {
        case executor(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    private let mailbox = Mutex(Mailbox())
    private let epoll: Int32
    private let wakeup: Int32
    /// Identity of the loop's thread, 0 before it runs.
    private let thread = Atomic<UInt>(0)
    /// Touched on the loop's thread alone, which each use checks.
    private nonisolated(unsafe) var descriptors = DescriptorTable()
    private nonisolated(unsafe) var timers = TimerQueue()

    /// The process's own loop, begun when first asked for; it lives as long as the process does.
    package static let shared = EventLoop(name: "psrun-loop")

    package init(name: String) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && wakeup >= 0, "no descriptors left for an event loop")
        control(EPOLL_CTL_ADD, wakeup, [.readable], token: DescriptorTable.wakeupToken)
        startThread(named: name) { [self] in run() }
    }

    // MARK: From any thread

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        post(.executor(job))
    }

    /// Runs `work` on the loop's thread, after what was submitted before.
    package func submit(_ work: @escaping @Sendable () -> Void) {
        post(.closure(work))
    }

    package func checkIsolated() {
        precondition(isCurrent, "not on the event loop's thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    private func post(_ job: Job) {
        let mustSignal = mailbox.withLock { mailbox in
            mailbox.jobs.append(job)
            // The loop's own thread looks into the mailbox before it sleeps again.
            guard !mailbox.isSignalled, !isCurrent else { return false }
            mailbox.isSignalled = true
            return true
        }
        if mustSignal { eventfd_write(wakeup, 1) }
    }

    // MARK: On the loop's thread

    /// Calls `handler` whenever the descriptor is ready for one of `interest`, until it is removed.
    ///
    /// The descriptor stays the caller's, who must remove it before it closes it.
    func add(
        _ descriptor: Int32,
        _ interest: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) -> DescriptorToken {
        checkIsolated()
        let token = descriptors.add(descriptor, interest, handler)
        control(EPOLL_CTL_ADD, descriptor, interest, token: token)
        return token
    }

    /// Changes what a descriptor is watched for.
    func update(_ token: DescriptorToken, _ interest: Readiness) {
        checkIsolated()
        guard let descriptor = descriptors.update(token, interest) else { return }
        control(EPOLL_CTL_MOD, descriptor, interest, token: token)
    }

    /// Forgets a descriptor; its handler is not called again.
    func remove(_ token: DescriptorToken) {
        checkIsolated()
        guard let descriptor = descriptors.remove(token) else { return }
        control(EPOLL_CTL_DEL, descriptor, [], token: token)
    }

    /// Calls `action` once, not before `deadline`.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerToken {
        checkIsolated()
        return timers.add(deadline, action)
    }

    func cancel(_ timer: TimerToken) {
        checkIsolated()
        timers.remove(timer)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            runJobs()
            runTimers()
            let hasJobs = mailbox.withLock { !$0.jobs.isEmpty }
            let ready = epoll_wait(epoll, &events, Int32(events.count), hasJobs ? 0 : timers.millisecondsToNext())
            for event in events.prefix(Int(max(ready, 0))) {
                guard event.data.u64 != DescriptorTable.wakeupToken else { continue }
                descriptors.handler(of: event.data.u64)?(Readiness(epollBits: event.events))
            }
        }
    }

    /// Runs what was there when it began: what these jobs add waits for the next turn, so that descriptors get theirs.
    private func runJobs() {
        let (jobs, wasSignalled) = mailbox.withLock { mailbox in
            defer { mailbox = Mailbox() }
            return (mailbox.jobs, mailbox.isSignalled)
        }
        if wasSignalled {
            var count: eventfd_t = 0
            eventfd_read(wakeup, &count)
        }
        for job in jobs {
            switch job {
            case .executor(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .closure(let work): work()
            }
        }
    }

    private func runTimers() {
        let now = ContinuousClock.now
        // One at a time: an action may add timers and remove others.
        while let action = timers.popDue(at: now) { action() }
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ interest: Readiness, token: UInt64) {
        var event = epoll_event()
        event.events = interest.epollBits
        event.data.u64 = token
        // A descriptor that its library has closed already is gone from epoll by itself: nothing to report.
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }
}
