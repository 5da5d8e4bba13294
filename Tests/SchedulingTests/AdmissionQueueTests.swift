import Scheduling
import Testing

struct AdmissionQueueTests {
    @Test("The window begins where a stock sshd drops nothing, halves with a drop and grows back by one a window")
    func window() {
        var window = AdmissionWindow()
        #expect(window.limit == 10)
        window.dropped(begunIn: 0)
        #expect(window.limit == 5)
        window.dropped(begunIn: 0)
        #expect(window.limit == 5, "what began before the halving says nothing of the window behind it")
        for _ in 0..<6 { window.admitted() }
        #expect(window.limit == 6)
        for _ in 0..<20 { window.dropped(begunIn: window.epoch) }
        #expect(window.limit == 1)
    }

    @Test("No more connections to a server are on their way than its window is wide, in the order of coming")
    func order() {
        var queue = AdmissionQueue<String>()
        let places = (0..<10).compactMap { _ in queue.enter("a:22") }
        #expect(places.count == 10)
        #expect(queue.enter("a:22") == nil)
        #expect(queue.enter("b:22") != nil, "another server has room of its own")
        for (number, name) in ["first", "second", "third"].enumerated() {
            queue.wait(for: "a:22", as: number, name)
        }
        #expect(queue.giveUp(1) == "second")
        #expect(queue.giveUp(1) == nil)
        #expect(queue.leave(places[0], .other).map(\.waiter) == ["first"])
        #expect(queue.leave(places[1], .takenUp).map(\.waiter) == ["third"])
    }

    @Test("A drop lets fewer begin, until as many are on their way as the window is wide")
    func dropped() {
        var queue = AdmissionQueue<Int>()
        let places = (0..<10).compactMap { _ in queue.enter("a") }
        for number in 0..<10 { queue.wait(for: "a", as: number, number) }
        for place in places.prefix(5) { #expect(queue.leave(place, .dropped).isEmpty) }
        #expect(queue.limit(of: "a") == 5)
        #expect(queue.leave(places[5], .takenUp).map(\.waiter) == [0])
    }

    @Test("Drops of three servers at once make all connections fewer, and logins bring them back")
    func all() {
        var queue = AdmissionQueue<String>()
        let places = ["a", "b", "c", "d"].compactMap { queue.enter($0) }
        for place in places.prefix(3) { _ = queue.leave(place, .dropped) }
        #expect(queue.enter("e") == nil, "of four that were on their way, one is left, and the next waits for it")
        _ = queue.leave(places[3], .takenUp)
        #expect(queue.enter("e") != nil)
    }
}
