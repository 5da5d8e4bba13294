import Connections
import EventLoops
import PSRunTestSupport
import Testing

/// The clock that stands still while a person is asked, and the deadlines on it.
struct ConnectingDeadlineTests {
    private let knock = ConnectionPhase("knock", position: 0, activity: "knocking")

    @Test("A deadline stands still while a person is asked, whoever else is asked meanwhile")
    func standsStill() async {
        let clock = RunClock()
        let deadline = ConnectingDeadline(.seconds(30), on: clock)
        let before = deadline.left
        await clock.whileAsking {
            await clock.whileAsking { try? await Task.sleep(for: .milliseconds(50)) }
            let reading = clock.reading
            #expect(reading.elapsed - reading.counted >= .milliseconds(50))
        }
        let elapsed = clock.reading.elapsed
        #expect(before - deadline.left <= elapsed - .milliseconds(50))
    }

    @Test("A deadline's failure names the target, the time, what set it and what went on")
    func message() {
        let failure = ConnectingDeadline(.milliseconds(1500), on: RunClock()).failure(of: "web01", in: knock)
        #expect(failure.code == .timedOut)
        #expect(failure.phase == knock)
        #expect(failure.message.hasPrefix("web01: 1500 ms of -ConnectingTimeout ran out while knocking."))
    }

    @Test("So little time that it says nothing about the far side is said to be little, in both units")
    func littleTime() {
        let phase = ConnectionPhase("knock", position: 0, activity: "knocking", suspicion: "nobody is at home")
        let failure = ConnectingDeadline(.milliseconds(5), on: RunClock()).failure(of: "web01", in: phase)
        #expect(failure.message.hasPrefix("web01: 5 ms of -ConnectingTimeout ran out while knocking. "))
        #expect(failure.message.contains("did you mean 5 s?"))
        #expect(failure.message.contains("--connecting-timeout 5s"))
        let longer = ConnectingDeadline(.milliseconds(500), on: RunClock()).failure(of: "web01", in: phase)
        #expect(longer.message.contains("ran out while knocking: nobody is at home."))
    }

    @Test("A loop tells of a deadline once it has passed, and not while a person is asked")
    func timer() async throws {
        let loops = try TestLoops.makeGroup(count: 1)
        let loop = loops.loops[0]
        let clock = RunClock()
        let passed = Promise<Duration>()
        await clock.whileAsking {
            loop.submit {
                let deadline = ConnectingDeadline(.milliseconds(40), on: clock)
                // It is kept by what it calls: nobody else holds it.
                let kept = Kept()
                kept.timer = DeadlineTimer(deadline, on: loop) {
                    passed.succeed(clock.reading.elapsed)
                    kept.timer = nil
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
        #expect(try await passed.value() >= .milliseconds(140))
        await loops.close()
    }

    private final class Kept {
        var timer: DeadlineTimer?
    }
}
