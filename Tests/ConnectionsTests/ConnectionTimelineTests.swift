import Connections
import Testing

/// A connection's phases and their times.
struct ConnectionTimelineTests {
    private let knock = ConnectionPhase("knock", position: 0, activity: "somebody was knocking")

    @Test("A phase ends where the next begins, and takes the time between")
    func phasesFollowEachOther() {
        let timeline = ConnectionTimeline()
        let start = ContinuousClock.now
        timeline.begin(knock, at: start)
        #expect(timeline.current == knock)
        timeline.begin(.subsystem, at: start + .seconds(2))
        timeline.end(at: start + .seconds(5))
        #expect(timeline.current == nil)
        #expect(timeline.durations == [knock: .seconds(2), .subsystem: .seconds(3)])
    }

    @Test("A phase that comes twice has the sum of both times")
    func phasesAddUp() {
        let timeline = ConnectionTimeline()
        let start = ContinuousClock.now
        timeline.begin(knock, at: start)
        timeline.begin(.subsystem, at: start + .seconds(1))
        timeline.begin(knock, at: start + .seconds(2))
        timeline.end(at: start + .seconds(4))
        #expect(timeline.durations[knock] == .seconds(3))
    }

    @Test("A way in's own phases come before the subsystem's start")
    func phasesAreOrdered() {
        #expect([.subsystem, knock].sorted() == [knock, .subsystem])
    }

    @Test("Bytes of one stream are joined up to 64 KiB; bytes of two streams and an end are not")
    func inputsAreJoined() {
        var input = TransportInput.output([1])
        let joins = [
            input.join(.output([2, 3])), input.join(.diagnostics([4])), input.join(.end(.unknown)),
        ]
        #expect(joins == [true, false, false])
        #expect(input == .output([1, 2, 3]))
        var full = TransportInput.output([UInt8](repeating: 0, count: 64 << 10))
        let isJoined = full.join(.output([1]))
        #expect(!isJoined)
    }
}
