import EventLoops
import Testing

struct LoopPlacementTests {
    /// A placement whose clock and loops move as they are told.
    private struct Loops {
        private static let began = ContinuousClock.now
        private var placement: LoopPlacement
        private var passed = Duration.zero
        private var used = Duration.zero
        private(set) var looks = 0

        init(_ count: Int) {
            placement = LoopPlacement(count: count, at: Self.began)
        }

        /// Time passes, of which the loops use so much together.
        mutating func pass(_ share: Double, for time: Duration = LoopPlacement.window) {
            passed += time
            used += time * share
        }

        mutating func next() -> Int {
            var looks = 0
            defer { self.looks += looks }
            return placement.next(at: Self.began + passed) {
                looks += 1
                return used
            }
        }

        mutating func next(_ count: Int) -> [Int] { (0..<count).map { _ in next() } }

        mutating func leave(_ numbers: Int...) { for number in numbers { placement.leave(number) } }
    }

    @Test("While loops wait for far sides most of the time, one of them gets every target")
    func oneIsEnough() {
        var loops = Loops(2)
        for share in [0, 0.3, 0.6, 0.69, 0.1] {
            loops.pass(share)
            #expect(loops.next(5) == [0, 0, 0, 0, 0])
        }
    }

    @Test("Once the loops in use are busy, one more gets targets, until it has as many as they")
    func oneMore() {
        var loops = Loops(3)
        #expect(loops.next(4) == [0, 0, 0, 0])
        loops.pass(0.95)
        #expect(loops.next(6) == [1, 1, 1, 1, 0, 1])
        loops.pass(1.3)
        #expect(loops.next(2) == [0, 1])
        loops.pass(1.9)
        #expect(loops.next(3) == [2, 2, 2])
    }

    @Test("Targets that end at once are replaced on all busy loops, and not on the one that was seen idle")
    func burst() {
        var loops = Loops(2)
        #expect(Set(loops.next(8)) == [0])
        loops.pass(1)
        var numbers: [Int] = []
        for _ in 0..<8 {
            loops.leave(0)
            numbers.append(loops.next())
        }
        #expect(numbers.filter { $0 == 0 }.count == 4)
    }

    @Test("Once fewer loops would have time for everything, the last one gets no more targets")
    func oneFewer() {
        var loops = Loops(2)
        loops.pass(1)
        #expect(loops.next(2) == [0, 1])
        // Between the two limits nothing changes.
        loops.pass(0.6)
        #expect(loops.next(2) == [0, 1])
        loops.pass(0.4)
        #expect(loops.next(3) == [0, 0, 0])
    }

    @Test("Targets that begin at once are spread where they are many, before any of them has used anything")
    func atOnce() {
        var loops = Loops(2)
        let many = LoopPlacement.targetsPerLoop
        #expect(loops.next(many) == Array(repeating: 0, count: many))
        #expect(loops.next(many) == Array(repeating: 1, count: many))
        #expect(loops.next(100).filter { $0 == 0 }.count == 50)
    }

    @Test("What loops use counts by its newest window, and within one they are not asked again")
    func newestWindow() {
        var loops = Loops(2)
        loops.pass(0, for: .seconds(60))
        #expect(loops.next(50) == Array(repeating: 0, count: 50))
        #expect(loops.looks == 1)
        loops.pass(1, for: LoopPlacement.window / 2)
        #expect(loops.next() == 0)
        #expect(loops.looks == 1)
        loops.pass(1, for: LoopPlacement.window / 2)
        #expect(loops.next() == 1)
        #expect(loops.looks == 2)
    }

    @Test("One loop gets every target, however busy it is")
    func oneAlone() {
        var loops = Loops(1)
        loops.pass(1)
        #expect(Set(loops.next(500)) == [0])
    }
}
