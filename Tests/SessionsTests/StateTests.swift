import CLIXML
import PSRP
import Testing

@testable import Sessions

@Suite("States of a session")
struct StateTests {
    @Test("A line that ended the session and does not end itself may have run, and is left after the grace")
    func leavesAfterGrace() throws {
        var run = try SessionRun("exit", ScriptedClient(["exit": [[.host(.setShouldExit, [.int32(2)])]]]))
        run.start()
        run.wait(.seconds(5))
        run.settle()
        #expect(run.outcomes == [.unknown])
        #expect(run.result?.outcome == .failed)
        #expect(run.result?.failure?.code == "LineNotEnded")
    }

    @Test("An answer that comes when the session is over is not told, and nothing comes behind the end")
    func lateAnswer() throws {
        var run = try SessionRun("ask", ScriptedClient(["ask": [[.ask(.readLine, [])]]])) { $0.asksPerson = true }
        run.start()
        #expect(run.events.last == .question(Question(kind: .line)))
        run.perform { $0.receiveEnd(at: $1) }
        run.perform { $0.answer("late", at: $1) }
        #expect(run.replies.isEmpty)
        guard case .finished? = run.events.last else {
            Issue.record("\(String(describing: run.events.last)) came behind the end")
            return
        }
    }

    @Test("A profile that the far side calls incomplete is a failed step, and the playbook's lines follow")
    func incompleteProfile() throws {
        var run = try SessionRun("1", ScriptedClient([". '/p.ps1'": [[incomplete]]])) { $0.profile = "/p.ps1" }
        run.start()
        #expect(run.outcomes == [.failed, .ok])
        #expect(run.result?.steps[0].output == "Error: Missing\n")
        #expect(run.result?.outcome == .failed)
    }
}

@Suite("What a session's clocks want next")
struct DueTimeTests {
    @Test("Before the pool is open, its time runs; with it open, a step's and that of silence")
    func ordinary() throws {
        var run = try SessionRun("hang", ScriptedClient(["hang": [[]]])) {
            $0.limits.step = .seconds(60)
        }
        let tooLate = TargetFailure(code: "ConnectingTimeout", message: "too late")
        run.session.open(
            at: .after(.zero),
            by: OpeningLimit(due: .seconds(30), failure: tooLate, promptFailure: tooLate)
        )
        #expect(run.session.nextDue.counted == .seconds(30))
        #expect(run.session.nextDue.elapsed == nil)
        run.wait(.seconds(2))
        run.start()
        #expect(run.session.nextDue.counted == .seconds(62))
        #expect(run.session.nextDue.elapsed == .seconds(7))
        #expect(run.session.nextDue.delay(from: .after(.seconds(3))) == .seconds(4))
        #expect(run.session.nextDue.delay(from: .after(.seconds(9))) == .zero)
    }

    @Test("Of several limits the earliest counts")
    func earliest() throws {
        var run = try SessionRun("hang", ScriptedClient(["hang": [[]]])) {
            $0.limits.step = .seconds(60)
            $0.limits.target = .seconds(50)
            $0.limits.runBy = .seconds(55)
        }
        run.start()
        #expect(run.session.nextDue.counted == .seconds(50))
    }

    @Test("While a person is being asked, the counted clock is as far from its end as before")
    func asking() throws {
        var run = try SessionRun("hang", ScriptedClient(["hang": [[]]])) {
            $0.limits.step = .seconds(3)
            $0.limits.keepalive = .seconds(1000)
        }
        run.start()
        let later = RunMoment(elapsed: .seconds(100), counted: .seconds(1))
        #expect(run.session.nextDue.delay(from: later) == .seconds(2))
        #expect(!run.session.isDue(at: later))
        #expect(run.session.isDue(at: .after(.seconds(3))))
    }

    @Test("A session that was stopped waits for the grace alone, one that is being closed for its close")
    func endings() throws {
        var stopped = try SessionRun("hang", ScriptedClient(["hang": [[]]])) {
            $0.limits.step = .seconds(60)
            $0.limits.grace = .seconds(3)
        }
        stopped.start()
        stopped.perform { $0.stop(.interrupt, at: $1) }
        #expect(stopped.session.nextDue.elapsed == .seconds(3))
        #expect(stopped.session.nextDue.counted == nil)

        var closing = try SessionRun("exit", ScriptedClient(["exit": [[.host(.setShouldExit, [.int32(0)])]]])) {
            $0.limits.grace = .seconds(3)
        }
        closing.start()
        closing.wait(.seconds(3))
        #expect(closing.session.nextDue.elapsed == .seconds(6))
    }

    @Test("A session that was stopped has one grace for all of its end, its Close included", arguments: [1, 5, 20])
    func oneGrace(seconds: Int) throws {
        let grace = Duration.seconds(seconds)
        for silent in ["hang", ScriptedClient.probe, ScriptedClient.question] {
            var run = try SessionRun("hang", ScriptedClient([silent: [[]]])) {
                $0.limits.step = .seconds(60)
                $0.limits.grace = grace
            }
            run.session.client.isCloseAnswered = false
            run.start()
            run.wait(.seconds(60))
            #expect(run.session.client.requests.last == .stop)
            // What was stopped says so in the last moment; that the pool is closed it never says.
            run.wait(grace - .milliseconds(10))
            run.act(.end(.stopped))
            #expect(run.session.client.requests.last == .close && run.result == nil)
            run.wait(.milliseconds(10))
            #expect(run.result?.failure?.code == "StepTimeout")
        }
    }

    @Test("A pool that does not say that it is closed is left after the grace", arguments: [1, 5, 20])
    func silentClose(seconds: Int) throws {
        var run = try SessionRun("1", ScriptedClient()) { $0.limits.grace = .seconds(seconds) }
        run.session.client.isCloseAnswered = false
        run.start()
        run.wait(.seconds(seconds) - .milliseconds(10))
        #expect(run.result == nil)
        run.wait(.milliseconds(10))
        #expect(run.result?.outcome == .ok)
    }

    @Test("A session that is over wants nothing")
    func finished() throws {
        var run = try SessionRun("1")
        run.start()
        #expect(run.session.isFinished)
        #expect(run.session.nextDue.delay(from: .after(.seconds(1000))) == nil)
        #expect(!run.session.isDue(at: .after(.seconds(1000))))
    }
}
