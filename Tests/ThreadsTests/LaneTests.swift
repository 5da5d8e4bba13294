import Glibc
import PSRunTestSupport
import Synchronization
import Testing
import Threads

struct LaneTests {
    /// A call that blocks until it is let go, as a lookup at a silent name server does.
    private final class Gate: Sendable {
        private let isOpen = Mutex(false)
        let begun = Atomic(0)

        func call() {
            begun.add(1, ordering: .relaxed)
            while !isOpen.withLock({ $0 }) { usleep(1_000) }
        }

        func open() { isOpen.withLock { $0 = true } }
    }

    @Test("A lane makes as many calls at a time as it is wide, and the next one when one has ended")
    func width() async {
        let lane = Lane("psrun-test", width: 2, ceiling: 8, patience: .seconds(600))
        let (now, most, done) = (Counter(), Counter(), Counter())
        for _ in 0..<20 {
            lane.submit {
                most.raise(to: now.add(1))
                usleep(1_000)
                _ = now.add(-1)
                _ = done.add(1)
            }
        }
        await until { done.value == 20 }
        #expect(most.value == 2)
        #expect(lane.threadCount <= 3)
    }

    @Test("A slow call stops counting, so that another begins beside it, up to the ceiling")
    func ceiling() async {
        let lane = Lane("psrun-test", width: 2, ceiling: 5, patience: .milliseconds(20))
        let gate = Gate()
        for _ in 0..<9 { lane.submit { gate.call() } }
        await until { gate.begun.load(ordering: .relaxed) == 5 }
        try? await Task.sleep(for: .milliseconds(100))
        #expect(gate.begun.load(ordering: .relaxed) == 5)
        #expect(lane.threadCount == 5)
        gate.open()
        await until { gate.begun.load(ordering: .relaxed) == 9 }
        await until { lane.threadCount <= 2 }
        #expect(lane.threadCount <= 2)
    }

    @Test("Sixteen hanging lookups hold up neither a key nor a seventeenth name")
    func hangingNames() async {
        let names = Lane("psrun-names", width: 16, ceiling: 256)
        let gate = Gate()
        for _ in 0..<16 { names.submit { gate.call() } }
        await until { gate.begun.load(ordering: .relaxed) == 16 }
        let delay = SchedulingDelay()
        let clock = ContinuousClock()
        let key = await clock.measure { await Lane.keys.run {} }
        let name = await clock.measure { await names.run {} }
        let late = await delay.end()
        #expect(key < .milliseconds(100) + late * 3)
        #expect(name < .milliseconds(350) + late * 3)
        gate.open()
    }

    @Test("Calls begin in the order in which they were submitted")
    func order() async {
        let lane = Lane("psrun-test", width: 1, ceiling: 1)
        let seen = Mutex<[Int]>([])
        for number in 0..<3000 { lane.submit { seen.withLock { $0.append(number) } } }
        await until { seen.withLock { $0.count } == 3000 }
        #expect(seen.withLock { $0 } == Array(0..<3000))
    }

    /// Counts from any thread.
    private final class Counter: Sendable {
        private let number = Mutex(0)

        var value: Int { number.withLock { $0 } }

        func add(_ change: Int) -> Int {
            number.withLock { number in
                number += change
                return number
            }
        }

        func raise(to other: Int) { number.withLock { $0 = max($0, other) } }
    }

    private func until(_ condition: () -> Bool) async {
        for _ in 0..<3000 where !condition() { try? await Task.sleep(for: .milliseconds(10)) }
    }
}
