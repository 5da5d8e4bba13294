import Files
import Glibc

/// Threads for one kind of call that blocks by nature. What is slow in one lane holds up no other lane.
///
/// A lane makes a few calls at a time. One that has run longer than a short while (a name server that is silent, an agent
/// that waits for a touch) no longer counts: the next call begins beside it, on another thread, up to the lane's ceiling of
/// threads. So sixteen slow names do not hold up a seventeenth.
///
/// Who waits for a call may give it up. The call then runs on by itself, and its thread is free again when it returns.
package final class Lane: @unchecked Sendable {
    /// Name resolution, which waits for name servers.
    package static let names = Lane("psrun-names", width: 16, ceiling: 256)
    /// Keys and hashes: bcrypt takes 90 ms of a processor, and more where a key's owner wished so.
    package static let keys = Lane("psrun-keys", width: 4, ceiling: 32)
    /// Whoever is asked for a signature or a password: agents and commands. They may wait for a person.
    package static let agents = Lane("psrun-agents", width: 16, ceiling: 256)
    /// Files and programs, which may lie on a network's disk.
    package static let files = Lane("psrun-files", width: 16, ceiling: 64)

    /// How many calls run at a time, as long as none is slow.
    package let width: Int
    /// The most threads there ever are. Usually there is one more than the width: it waits for its turn.
    package let ceiling: Int

    private let name: String
    private let patience: UInt64
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // All of these are read and written with the lock held.
    private var queue: [@Sendable () -> Void] = []
    private var head = 0
    private var threads = 0
    private var waiting = 0
    /// When each call that may still count began, in nanoseconds of the monotonic clock, by its number.
    private var begun: [Int: UInt64] = [:]
    private var nextCall = 0

    /// - Parameters:
    ///   - name: of its threads; 15 bytes at most.
    ///   - patience: how long a call counts against the width.
    package init(_ name: String, width: Int, ceiling: Int, patience: Duration = .milliseconds(250)) {
        precondition(width > 0 && ceiling >= width, "a lane has room for a call")
        self.name = name
        self.width = width
        self.ceiling = ceiling
        self.patience = UInt64(patience / .nanoseconds(1))
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Makes the call on a thread of the lane, after those that were submitted before and have not begun.
    package func submit(_ call: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(lock)
        queue.append(call)
        let isToWake = waiting > 0
        if !isToWake { startThreadWherePossible() }
        // Where the system has no thread for the lane, whoever calls does it: late is better than never.
        let own = threads == 0 ? takeCall() : nil
        pthread_mutex_unlock(lock)
        own?()
        // Not with the lock held: who wakes would only wait for it.
        if isToWake { pthread_cond_signal(changed) }
    }

    /// Makes the call on a thread of the lane and returns what it returns.
    package func run<Value: Sendable>(_ call: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: call()) }
        }
    }

    /// Has the lane's first thread begin now, so that there is one whatever the system has left later.
    package func begin() {
        pthread_mutex_lock(lock)
        if threads == 0 { startThreadWherePossible() }
        pthread_mutex_unlock(lock)
    }

    /// How many threads the lane has now.
    package var threadCount: Int {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return threads
    }

    // MARK: With the lock held

    private var isEmpty: Bool { head == queue.count }

    /// Sees to it that somebody looks after the queue: a thread that waits, or a new one.
    private func provideThread() {
        if waiting > 0 { pthread_cond_signal(changed) } else { startThreadWherePossible() }
    }

    private func startThreadWherePossible() {
        guard threads < ceiling else { return }
        guard start(ThreadBody(name) { [self] in serve() }).map({ pthread_detach($0) }) != nil else { return }
        threads += 1
        // It looks at the queue as soon as it runs.
        waiting += 1
    }

    private func takeCall() -> @Sendable () -> Void {
        let call = queue[head]
        head += 1
        if isEmpty {
            queue.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024 {
            queue.removeFirst(head)
            head = 0
        }
        return call
    }

    /// When the next call may begin: 0 for now.
    private func nextOpening() -> UInt64 {
        let now = monotonicNanoseconds()
        begun = begun.filter { $0.value + patience > now }
        guard begun.count >= width else { return 0 }
        return (begun.values.min() ?? now) + patience
    }

    private func wait(until nanoseconds: UInt64?) {
        waiting += 1
        defer { waiting -= 1 }
        guard let nanoseconds else { return _ = pthread_cond_wait(changed, lock) }
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        pthread_cond_timedwait(changed, lock, &time)
    }

    // MARK: A thread's life

    private func serve() {
        pthread_mutex_lock(lock)
        waiting -= 1
        while true {
            if isEmpty {
                // Those that slow calls made necessary are not kept.
                guard threads <= width else { break }
                wait(until: nil)
                continue
            }
            let opening = nextOpening()
            guard opening == 0 else {
                wait(until: opening)
                continue
            }
            let call = takeCall()
            let number = nextCall
            nextCall += 1
            begun[number] = monotonicNanoseconds()
            if !isEmpty { provideThread() }
            pthread_mutex_unlock(lock)
            call()
            pthread_mutex_lock(lock)
            begun[number] = nil
        }
        threads -= 1
        pthread_mutex_unlock(lock)
    }
}
