import CLinux
import Glibc
import Threads

/// One thread over epoll(7) that drives any number of descriptors and timers, and runs the actors that own them.
///
/// An actor that names the loop as its executor has its state confined to that thread by the compiler: descriptors'
/// handlers and timers come back to it through `assumeIsolated`. Nothing that blocks may run here; see `BlockingPool`.
package final class EventLoop: SerialExecutor {
    private let mailbox = LoopMailbox()
    private let tasks: LoopTaskExecutor
    private let epoll: Int32
    /// Touched on the loop's thread alone, which each use checks.
    private nonisolated(unsafe) var descriptors = DescriptorTable()
    private nonisolated(unsafe) var timers = TimerQueue()

    /// The process's own loop, begun when first asked for; it lives as long as the process does.
    package static let shared = EventLoop(name: "psrun-loop")

    package init(name: String) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(epoll >= 0 && mailbox.wakeup >= 0, "no descriptors left for an event loop")
        tasks = LoopTaskExecutor(mailbox)
        let edges = EPOLLIN.rawValue | EPOLLET.rawValue
        control(EPOLL_CTL_ADD, mailbox.wakeup, edges, token: DescriptorTable.wakeupToken)
        startThread(named: name) { [self] in run() }
    }

    // MARK: From any thread

    package func enqueue(_ job: consuming ExecutorJob) {
        mailbox.post(.isolated(UnownedJob(job)))
    }

    /// For tasks whose code is to run on the loop's thread.
    package var taskExecutor: any TaskExecutor { tasks }

    /// Runs `work` on the loop's thread, after what was submitted before.
    package func submit(_ work: @escaping @Sendable () -> Void) {
        mailbox.post(.closure(work))
    }

    package func checkIsolated() {
        precondition(mailbox.isOnThread, "not on the event loop's thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { mailbox.isOnThread }

    // MARK: On the loop's thread

    /// Calls `handler` whenever the descriptor is ready for one of `interest`, until it is removed.
    ///
    /// The descriptor stays the caller's, who must remove it before it closes it.
    package func add(
        _ descriptor: Int32,
        _ interest: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) -> DescriptorToken {
        checkIsolated()
        let token = descriptors.add(descriptor, interest, handler)
        control(EPOLL_CTL_ADD, descriptor, interest.epollBits, token: token)
        return token
    }

    /// Changes what a descriptor is watched for.
    package func update(_ token: DescriptorToken, _ interest: Readiness) {
        checkIsolated()
        guard let descriptor = descriptors.update(token, interest) else { return }
        control(EPOLL_CTL_MOD, descriptor, interest.epollBits, token: token)
    }

    /// Forgets a descriptor; its handler is not called again.
    package func remove(_ token: DescriptorToken) {
        checkIsolated()
        guard let descriptor = descriptors.remove(token) else { return }
        control(EPOLL_CTL_DEL, descriptor, 0, token: token)
    }

    /// Calls `action` once, not before `deadline`.
    package func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerToken {
        checkIsolated()
        return timers.add(deadline, action)
    }

    package func cancel(_ timer: TimerToken) {
        checkIsolated()
        timers.remove(timer)
    }

    private func run() {
        mailbox.openOnThisThread()
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while true {
            // Jobs make jobs: some rounds of them at once save the kernel's part; then the descriptors get their turn.
            var rounds = 0
            while rounds < 16, runJobs() { rounds += 1 }
            runTimers()
            let timeout = mailbox.maySleep() ? timers.millisecondsToNext() : 0
            let ready = epoll_wait(epoll, &events, Int32(events.count), timeout)
            for event in events.prefix(Int(max(ready, 0))) {
                descriptors.handler(of: event.data.u64)?(Readiness(epollBits: event.events))
            }
        }
    }

    /// Runs what was there when it began. False where there was nothing.
    private func runJobs() -> Bool {
        let jobs = mailbox.take()
        let (serial, task) = (asUnownedSerialExecutor(), tasks.asUnownedTaskExecutor())
        for job in jobs {
            switch job {
            case .isolated(let job): job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            case .task(let job): job.runSynchronously(on: task)
            case .closure(let work): work()
            }
        }
        return !jobs.isEmpty
    }

    private func runTimers() {
        let now = ContinuousClock.now
        // One at a time: an action may add timers and remove others.
        while let action = timers.popDue(at: now) { action() }
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32, token: UInt64) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        // A descriptor that its library has closed already is gone from epoll by itself: nothing to report.
        _ = epoll_ctl(epoll, operation, descriptor, &event)
    }
}
