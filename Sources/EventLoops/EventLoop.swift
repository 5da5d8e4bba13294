import CLinux
import Files
import Glibc
import Synchronization
import Threads

/// One thread over epoll(7) that drives any number of descriptors and timers, and runs the actors that own them.
///
/// An actor that names the loop as its executor has its state confined to that thread by the compiler: descriptors'
/// handlers and timers come back to it through `assumeIsolated`. Nothing that blocks may run here; see `Lane`.
package final class EventLoop: SerialExecutor {
    /// What its thread is called.
    package let name: String
    private let mailbox: LoopMailbox
    private let tasks: LoopTaskExecutor
    private let epoll: FileDescriptor
    private let stalls: StallObserver?
    /// The clock of its thread's processor time; nil, which is 0, until that runs.
    private let threadClock = Atomic<clockid_t>(0)
    /// Touched on the loop's thread alone, which each use checks.
    private nonisolated(unsafe) var descriptors = DescriptorTable()
    private nonisolated(unsafe) var timers = TimerQueue()

    /// Begins a loop on descriptors of `makePorts`.
    init(name: String, mailbox: LoopMailbox, epoll: FileDescriptor, stalls: StallObserver?) {
        self.name = name
        self.mailbox = mailbox
        self.epoll = epoll
        self.stalls = stalls
        tasks = LoopTaskExecutor(mailbox)
    }

    /// Begins its thread; to be called once.
    /// - Returns: false where the system has none left. The loop is to be let go then.
    func begin() -> Bool {
        startThread(named: name) { [self] in run() }
    }

    /// What a loop sleeps on: an epoll descriptor that watches its mailbox.
    static func makePorts() throws(NoDescriptor) -> (LoopMailbox, FileDescriptor) {
        let mailbox = try LoopMailbox()
        let epoll = FileDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
        guard epoll.raw >= 0 else { throw NoDescriptor(code: errno) }
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLET.rawValue
        event.data.u64 = DescriptorTable.wakeupToken
        guard epoll_ctl(epoll.raw, EPOLL_CTL_ADD, mailbox.descriptor, &event) == 0 else {
            throw NoDescriptor(code: errno)
        }
        return (mailbox, epoll)
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

    /// What the loop's thread has used so far; zero before it runs and after it has ended. Costs the loop itself nothing.
    var processorTime: Duration {
        let clock = threadClock.load(ordering: .relaxed)
        return clock == 0 ? .zero : Self.processorTime(by: clock)
    }

    /// Tells the loop to end once it has run what was left for it; what comes later is dropped.
    func stop() { mailbox.close() }

    /// Returns once the loop's thread has let go of everything and its descriptors are closed. Not to be called by a task
    /// that runs on the loop.
    func waitForEnd() async { await mailbox.waitForEnd() }

    // MARK: On the loop's thread

    /// Calls `handler` whenever the descriptor is ready for one of `interest`, until it is removed.
    ///
    /// The descriptor stays the caller's, who must remove it before it closes it.
    /// - Throws: WatchFailure; nothing is watched then.
    package func add(
        _ descriptor: Int32,
        _ interest: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) throws(WatchFailure) -> DescriptorToken {
        checkIsolated()
        let token = descriptors.add(descriptor, interest, handler)
        do {
            try control(EPOLL_CTL_ADD, descriptor, interest.epollBits, token: token)
        } catch {
            _ = descriptors.remove(token)
            throw error
        }
        return token
    }

    /// Changes what a descriptor is watched for.
    /// - Throws: WatchFailure, also where the descriptor was closed behind the loop's back.
    package func update(_ token: DescriptorToken, _ interest: Readiness) throws(WatchFailure) {
        checkIsolated()
        guard let descriptor = descriptors.update(token, interest) else { return }
        try control(EPOLL_CTL_MOD, descriptor, interest.epollBits, token: token)
    }

    /// Forgets a descriptor; its handler is not called again.
    package func remove(_ token: DescriptorToken) {
        checkIsolated()
        guard let descriptor = descriptors.remove(token) else { return }
        // A descriptor that its library has closed already is gone from epoll by itself: nothing to report.
        try? control(EPOLL_CTL_DEL, descriptor, 0, token: token)
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
        var clock: clockid_t = 0
        if pthread_getcpuclockid(pthread_self(), &clock) == 0 { threadClock.store(clock, ordering: .relaxed) }
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        loop: while true {
            // Jobs make jobs: some rounds of them at once save the kernel's part; then the descriptors get their turn.
            var rounds = 0
            while rounds < 16, runJobs() { rounds += 1 }
            runTimers()
            let timeout: Int32
            switch mailbox.next() {
            case .work: timeout = 0
            case .sleep: timeout = timers.millisecondsToNext()
            case .end: break loop
            }
            let ready = epoll_wait(epoll.raw, &events, Int32(events.count), timeout)
            for event in events.prefix(Int(max(ready, 0))) {
                guard let handler = descriptors.handler(of: event.data.u64) else { continue }
                let readiness = Readiness(epollBits: event.events)
                timed(.descriptor) { handler(readiness) }
            }
        }
        letGo()
        Glibc.close(epoll.release())
        mailbox.end()
    }

    /// What handlers and timers hold ends on this thread, as it lived.
    private func letGo() {
        let left = (descriptors, timers)
        descriptors = DescriptorTable()
        timers = TimerQueue()
        // Only now: what ends may still ask the loop to forget something.
        withExtendedLifetime(left) {}
    }

    /// Runs what was there when it began. False where there was nothing.
    private func runJobs() -> Bool {
        let jobs = mailbox.take()
        let (serial, task) = (asUnownedSerialExecutor(), tasks.asUnownedTaskExecutor())
        for job in jobs {
            timed(.job) {
                switch job {
                case .isolated(let job): job.runSynchronously(isolatedTo: serial, taskExecutor: task)
                case .task(let job): job.runSynchronously(on: task)
                case .closure(let work): work()
                }
            }
        }
        return !jobs.isEmpty
    }

    private func runTimers() {
        let now = ContinuousClock.now
        // One at a time: an action may add timers and remove others.
        while let action = timers.popDue(at: now) { timed(.timer) { action() } }
    }

    /// Does a piece of work, and tells of it where it took too long.
    @inline(__always)
    private func timed(_ work: LoopStall.Work, _ body: () -> Void) {
        guard let stalls else { return body() }
        let before = Self.processorTime()
        body()
        let taken = Self.processorTime() - before
        if taken > stalls.limit { stalls.report(LoopStall(loop: name, work: work, taken: taken)) }
    }

    /// What a thread has used so far: this one, or that of the clock.
    private static func processorTime(by clock: clockid_t = CLOCK_THREAD_CPUTIME_ID) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private func control(
        _ operation: Int32,
        _ descriptor: Int32,
        _ events: UInt32,
        token: UInt64
    ) throws(WatchFailure) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        guard epoll_ctl(epoll.raw, operation, descriptor, &event) == 0 else { throw WatchFailure(code: errno) }
    }
}
