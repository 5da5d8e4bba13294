/// Names one timer of a loop.
package struct TimerToken: Hashable, Sendable {
    fileprivate let number: UInt64
}

/// A loop's timers: a binary heap by deadline, with removed ones left in it until they come up.
struct TimerQueue {
    private struct Entry {
        let deadline: ContinuousClock.Instant
        let token: TimerToken
    }

    private var heap: [Entry] = []
    private var actions: [TimerToken: () -> Void] = [:]
    private var lastNumber: UInt64 = 0

    mutating func add(_ deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerToken {
        lastNumber += 1
        let token = TimerToken(number: lastNumber)
        actions[token] = action
        heap.append(Entry(deadline: deadline, token: token))
        siftUp(from: heap.count - 1)
        return token
    }

    mutating func remove(_ token: TimerToken) {
        actions[token] = nil
        dropRemoved()
    }

    /// For epoll_wait(2): milliseconds to the next deadline, rounded up so that it has passed then; -1 where there is none.
    func millisecondsToNext(from now: ContinuousClock.Instant = .now) -> Int32 {
        guard let first = heap.first else { return -1 }
        let wait = first.deadline - now
        guard wait > .zero else { return 0 }
        let (seconds, attoseconds) = wait.components
        return Int32(
            clamping: min(seconds, 86_400) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        )
    }

    /// Takes out the earliest action that is due at `instant`.
    mutating func popDue(at instant: ContinuousClock.Instant) -> (() -> Void)? {
        dropRemoved()
        guard let first = heap.first, first.deadline <= instant else { return nil }
        let action = actions.removeValue(forKey: first.token)
        removeFirst()
        return action
    }

    private mutating func dropRemoved() {
        while let first = heap.first, actions[first.token] == nil { removeFirst() }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(from: 0)
    }

    private mutating func siftUp(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from index: Int) {
        var parent = index
        while true {
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            guard left < heap.count else { return }
            let least = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            guard heap[least].deadline < heap[parent].deadline else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
