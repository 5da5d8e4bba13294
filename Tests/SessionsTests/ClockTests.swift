import CLIXML
import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("The clocks")
struct ClockTests {
    private func hanging(_ change: (inout SessionOptions) -> Void) throws -> SessionRun {
        var run = try SessionRun("1\nhang\n2", ScriptedClient(["hang": [[]]]), options: change)
        run.start()
        return run
    }

    @Test("A step that takes too long is stopped by a Signal, and nothing more is sent")
    func stepTimeout() throws {
        var run = try hanging { $0.limits.step = .seconds(2) }
        run.wait(.milliseconds(1900))
        #expect(!run.session.client.requests.contains(.stop))
        run.wait(.milliseconds(100))
        #expect(run.session.client.requests.last == .stop)
        run.session.client.script["Out-Default"] = [[.line("Error: The pipeline has been stopped."), .end(.completed)]]
        run.act(.end(.stopped, terminatingError("The pipeline has been stopped.", reason: "PipelineStoppedException")))
        #expect(run.outcomes == [.ok, .stopped, .notSent])
        #expect(run.result?.outcome == .timedOut)
        #expect(run.result?.failure?.code == "StepTimeout")
        #expect(run.result?.steps[1].output == "Error: The pipeline has been stopped.\n")
    }

    @Test("A pipeline that does not stop is left with its session when the grace has passed")
    func grace() throws {
        var run = try hanging {
            $0.limits.step = .seconds(2)
            $0.limits.grace = .seconds(3)
        }
        run.wait(.seconds(2))
        run.wait(.milliseconds(2900))
        #expect(run.result == nil)
        run.wait(.milliseconds(100))
        #expect(run.outcomes == [.ok, .unknown, .notSent])
        #expect(run.result?.outcome == .timedOut && run.session.isFinished)
    }

    @Test("Target and run have clocks of their own")
    func longerClocks() throws {
        var target = try hanging { $0.limits.target = .seconds(10) }
        target.wait(.seconds(10))
        target.act(.end(.stopped))
        #expect(target.result?.failure?.code == "TargetTimeout")
        #expect(target.result?.outcome == .timedOut)

        var run = try hanging { $0.limits.runBy = .seconds(20) }
        run.wait(.seconds(20))
        run.act(.end(.stopped))
        #expect(run.result?.failure?.code == "RunTimeout")
    }

    @Test("A step's clock begins anew with each step, and holds for its probe too")
    func stepClockBegins() throws {
        var run = try SessionRun("1\n2", ScriptedClient(["1": [[]], ScriptedClient.probe: [[]]])) {
            $0.limits.step = .seconds(2)
        }
        run.start()
        run.wait(.milliseconds(1500))
        run.act(.end(.completed))
        run.wait(.milliseconds(400))
        #expect(!run.session.client.requests.contains(.stop))
        run.wait(.milliseconds(100))
        run.act(.end(.stopped))
        #expect(run.outcomes == [.unknown, .notSent])
        #expect(run.result?.outcome == .timedOut)
    }

    @Test("Clocks stand still while a person is being asked")
    func asking() throws {
        var run = try hanging { $0.limits.step = .seconds(2) }
        run.wait(.seconds(60), isAsking: true)
        #expect(!run.session.client.requests.contains(.stop))
        run.wait(.seconds(2))
        #expect(run.session.client.requests.last == .stop)
    }

    @Test("Ctrl-C stops what runs; a target that has not begun is not run")
    func interrupt() throws {
        var run = try hanging { _ in }
        run.perform { $0.stop(.interrupt, at: $1) }
        run.act(.end(.stopped))
        #expect(run.outcomes == [.ok, .stopped, .notSent])
        #expect(run.result?.failure?.code == "Interrupted")

        var waiting = try SessionRun("1")
        waiting.perform { $0.stop(.interrupt, at: $1) }
        #expect(waiting.result?.outcome == .notRun)
    }

    @Test("ConnectingTimeout holds until the pool is open, and fails the session as whoever set it says")
    func connecting() throws {
        var run = try SessionRun("1")
        let tooLate = TargetFailure(code: "ConnectingTimeout", message: "too late")
        run.session.connection(isIn: SessionPhase.opening)
        run.session.open(
            at: .after(.zero),
            by: OpeningLimit(due: .seconds(3), failure: tooLate, promptFailure: tooLate)
        )
        run.wait(.milliseconds(2999))
        #expect(run.result == nil)
        run.wait(.milliseconds(1))
        #expect(run.result?.outcome == .unreachable)
        #expect(run.result?.phase == "psrp_open")
        #expect(run.result?.failure == tooLate)
    }

    @Test("ConnectingTimeout holds until the first prompt, in a phase of its own, and for no line behind it")
    func firstPrompt() throws {
        let tooLate = TargetFailure(code: "ConnectingTimeout", message: "too late")
        let silent = TargetFailure(code: "ConnectingTimeout", message: "no prompt")
        let limit = OpeningLimit(due: .seconds(3), failure: tooLate, promptFailure: silent)
        func opened(_ script: [String: [[ScriptedClient.Act]]], _ rule: BlockRule) throws -> SessionRun {
            var run = try SessionRun("hang", ScriptedClient(script)) { $0.blockRule = rule }
            run.session.open(at: .after(.zero), by: limit)
            run.session.client.tell(.opened(PSVersionNumber(2, 4)))
            run.settle()
            return run
        }
        for rule in [BlockRule.parser, .console] {
            var run = try opened(["prompt": [[]]], rule)
            run.wait(.milliseconds(2999))
            #expect(run.result == nil)
            run.wait(.milliseconds(1))
            #expect(run.result?.outcome == .unreachable && run.result?.phase == "prompt", "\(rule)")
            #expect(run.result?.failure == silent && run.outcomes == [.notSent], "\(rule)")
        }
        var run = try opened(["hang": [[]]], .parser)
        run.wait(.seconds(4))
        #expect(run.result == nil && run.session.client.createdTexts.contains("hang"))
    }

    @Test("A silent line is told from a dead server by a question every few seconds")
    func keepalive() throws {
        var run = try hanging { _ in }
        run.wait(.milliseconds(4900))
        #expect(!run.session.client.requests.contains(.availability))
        run.wait(.milliseconds(100))
        run.wait(.milliseconds(100))
        #expect(run.session.client.requests.filter { $0 == .availability }.count == 1)
        run.session.client.tell(.availability)
        run.settle()
        run.wait(.seconds(5))
        run.wait(.seconds(24))
        #expect(run.result == nil)
        run.wait(.seconds(6))
        #expect(run.outcomes == [.ok, .unknown, .notSent])
        #expect(run.result?.outcome == .broken)
    }

    @Test("Where the recording asks for it, the step under way ends and no other begins")
    func endAfterStep() throws {
        var run = try hanging { _ in }
        run.perform { $0.endAfterStep(TargetFailure(code: "RecordingWriteFailed", message: "disk full"), at: $1) }
        #expect(run.result == nil)
        run.act(.end(.completed))
        #expect(run.outcomes == [.ok, .ok, .notSent])
        #expect(run.result?.failure?.code == "RecordingWriteFailed")
    }

    @Test("A line that waits for the recording is sent once that is told, and not at all where the recording failed")
    func awaitsRecording() throws {
        var run = try SessionRun("1\n2\n3") { $0.awaitsRecording = true }
        run.start()
        #expect(run.session.client.createdTexts.last == ScriptedClient.probe)
        run.wait(.seconds(60))
        #expect(!run.session.client.requests.contains(.availability))
        run.perform { $0.stepIsRecorded(at: $1) }
        #expect(run.session.client.createdTexts.suffix(2) == ["2", ScriptedClient.probe])
        run.perform { session, now in
            session.endAfterStep(TargetFailure(code: "RecordingWriteFailed", message: "disk full"), at: now)
            session.stepIsRecorded(at: now)
        }
        #expect(run.outcomes == [.ok, .ok, .notSent])
        #expect(!run.session.client.createdTexts.contains("3"))
    }

    @Test("Between two lines, one of which waits for the recording, a wish to stop closes the session in order")
    func stopWhileRecording() throws {
        var run = try SessionRun("1\n2") { $0.awaitsRecording = true }
        run.start()
        run.perform { $0.stop(.interrupt, at: $1) }
        #expect(run.session.client.requests.last == .close)
        #expect(run.outcomes == [.ok, .notSent])
    }
}
