import Glibc

/// Work that several threads do and one thread takes in order, a little way ahead of it.
package final class OrderedWork<Value: Sendable>: @unchecked Sendable {
    /// So many results may wait to be taken.
    private static var window: Int { 64 }

    private let count: Int
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    // All of these are read and written with the lock held.
    private var next = 0
    private var taken = 0
    private var results: [Int: Value] = [:]
    private var running = 0
    private var isStopped = false

    private init(count: Int) {
        self.count = count
        pthread_mutex_init(lock, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Does `count` pieces of work and returns when all are taken, or `take` has answered false.
    /// - Parameters:
    ///   - worker: makes what one thread works with.
    ///   - take: called on the caller's thread, in the order of the pieces.
    package static func run<Worker>(
        _ count: Int,
        threads: Int,
        worker: @escaping @Sendable () -> Worker,
        work: @escaping @Sendable (Worker, Int) -> Value,
        take: (Int, Value) -> Bool
    ) {
        let shared = OrderedWork(count: count)
        shared.running = max(1, min(threads, count))
        for _ in 0..<shared.running {
            let isStarted = startThread(named: "psrun-worker") {
                let tools = worker()
                while let index = shared.begin() { shared.end(index, work(tools, index)) }
            }
            if !isStarted { shared.lacksThread() }
        }
        guard shared.hasThreads else {
            let tools = worker()
            for index in 0..<count where !take(index, work(tools, index)) { return }
            return
        }
        for index in 0..<count {
            guard let value = shared.result(index) else { break }
            guard take(index, value) else { break }
        }
        shared.stop()
    }

    private func lacksThread() {
        pthread_mutex_lock(lock)
        running -= 1
        pthread_mutex_unlock(lock)
    }

    /// Whether anybody works, or has worked.
    private var hasThreads: Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return running > 0 || next > 0
    }

    private func begin() -> Int? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while !isStopped, next < count, next >= taken + Self.window { pthread_cond_wait(changed, lock) }
        guard !isStopped, next < count else {
            running -= 1
            pthread_cond_broadcast(changed)
            return nil
        }
        next += 1
        return next - 1
    }

    private func end(_ index: Int, _ value: Value) {
        pthread_mutex_lock(lock)
        results[index] = value
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(lock)
    }

    private func result(_ index: Int) -> Value? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while results[index] == nil { pthread_cond_wait(changed, lock) }
        taken = index + 1
        pthread_cond_broadcast(changed)
        return results.removeValue(forKey: index)
    }

    /// Waits for the threads: none outlives the call that started it.
    private func stop() {
        pthread_mutex_lock(lock)
        isStopped = true
        pthread_cond_broadcast(changed)
        while running > 0 { pthread_cond_wait(changed, lock) }
        pthread_mutex_unlock(lock)
    }
}
