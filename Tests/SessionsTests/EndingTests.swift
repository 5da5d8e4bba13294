import CLIXML
import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("Ends of a session")
struct EndingTests {
    private func exiting(_ call: HostMethod, _ parameters: [PSValue]) throws -> SessionRun {
        var run = try SessionRun("1\nexit\n2", ScriptedClient(["exit": [[.host(call, parameters), .end(.completed)]]]))
        run.start()
        return run
    }

    @Test(
        "exit ends the session, its code is kept, and later lines are not sent",
        arguments: [0, 3, -1, 300] as [Int32]
    )
    func exitCode(code: Int32) throws {
        let run = try exiting(.setShouldExit, [.int32(code)])
        #expect(run.outcomes == [.ok, code == 0 ? .ok : .error, .notSent])
        #expect(run.result?.exitCode == code)
        #expect(run.result?.outcome == (code == 0 ? .ok : .error))
        #expect(run.result?.isWell == (code == 0))
        #expect(run.result?.linesNotSent == 1)
        #expect(run.result?.steps.map(\.exitCode) == [nil, code, nil])
        #expect(run.result?.failure?.code == (code == 0 ? nil : "NonZeroExit"))
        let message = "op@web01:22: line 2 ended the session with exit code \(code)"
        #expect(run.result?.failure?.message == (code == 0 ? nil : message))
        #expect(run.session.client.createdTexts.last == "exit")
        #expect(run.session.client.requests.last == .close)
    }

    @Test("A pool that does not close holds up neither the run's time limit, nor the target's, nor a wish to end")
    func silentClose() throws {
        for limit in 0..<3 {
            var run = try SessionRun("1", ScriptedClient(["1": [[.end(.completed)]]])) {
                if limit == 0 { $0.limits.runBy = .seconds(2) }
                if limit == 1 { $0.limits.target = .seconds(2) }
                $0.limits.grace = .seconds(limit == 2 ? 2 : 3)
            }
            run.session.client.isCloseAnswered = false
            run.start()
            run.wait(.seconds(1))
            #expect(run.result == nil)
            if limit == 2 { run.perform { $0.stop(.interrupt, at: $1) } }
            run.wait(.seconds(1))
            #expect(run.result?.outcome == .ok)
            #expect(run.outcomes == [.ok])
        }
    }

    @Test("A question whose answer never ends breaks the session by name")
    func endlessAnswer() throws {
        let values: [PSValue] = [
            .string(PSString(String(repeating: "x", count: 1 << 20))), .bytes([UInt8](repeating: 1, count: 1 << 20)),
        ]
        for value in values {
            for question in [ScriptedClient.question, ScriptedClient.probe] {
                let answer = Array(repeating: ScriptedClient.Act.output(value), count: 100)
                var run = try SessionRun("1\n2", ScriptedClient([question: [answer]]))
                run.start()
                #expect(run.result?.failure?.code == "SessionBroken" || run.result?.failure?.code == "LimitExceeded")
                #expect(run.result?.failure?.message.contains("with more than 96 MiB") == true)
                #expect(run.outcomes.last == .notSent)
            }
        }
    }

    @Test("Exit-PSSession names no code")
    func exitPSSession() throws {
        let run = try exiting(.popRunspace, [])
        #expect(run.outcomes == [.ok, .ok, .notSent])
        #expect(run.result?.exitCode == nil)
    }

    @Test("A session that ends itself and says no more is left after the grace")
    func exitWithoutEnd() throws {
        var run = try SessionRun("exit", ScriptedClient(["exit": [[.host(.setShouldExit, [.int32(2)])]]]))
        run.start()
        #expect(run.result == nil)
        run.wait(.seconds(5))
        run.settle()
        #expect(run.result?.exitCode == 2)
        #expect(run.session.client.requests.last == .close)
    }

    @Test("A line that asks for the session's end and does not end itself is unknown, and the run is not well")
    func lineThatStays() throws {
        for code in [0, 2] as [Int32] {
            for playbook in ["stay\n2", "1\nstay\n2"] {
                let acts: [ScriptedClient.Act] = [.line("out"), .host(.setShouldExit, [.int32(code)])]
                var run = try SessionRun(playbook, ScriptedClient(["stay": [acts]])) { $0.limits.grace = .seconds(1) }
                run.start()
                run.wait(.seconds(1))
                run.settle()
                #expect(run.outcomes.suffix(2) == [.unknown, .notSent])
                #expect(run.result?.steps.first { $0.text == "stay" }?.output == "out\n")
                #expect(run.result?.outcome == .failed)
                #expect(run.result?.exitCode == code)
                let failure = try #require(run.result?.failure)
                #expect(failure.code == "LineNotEnded")
                #expect(!failure.message.contains("nothing was sent"))
                #expect(run.session.client.requests.last == .close)
            }
        }
    }

    @Test("An exit code other than 0 is not well, wherever the far side asks for it")
    func exitBesideALine() throws {
        let asks: [ScriptedClient.Act] = [.host(.setShouldExit, [.int32(4)])]
        let asked: [ScriptedClient.Act] = [.output(.string("PS> ")), .end(.completed)]
        // In the question behind a line, in the prompt behind one whose probe fails, and with a line's own failure.
        let scripts: [[String: [[ScriptedClient.Act]]]] = [
            [ScriptedClient.probe: [asks + ScriptedClient.probed(true)]],
            [ScriptedClient.question: [asked], ScriptedClient.probe: [[.end(.failed)]], "prompt": [asks + asked]],
            ["1": [asks + [.end(.failed, terminatingError("boom"))]]],
        ]
        for script in scripts {
            var run = try SessionRun("1\n2", ScriptedClient(script))
            run.start()
            let result = try #require(run.result)
            #expect(!result.isWell && result.outcome != .ok && result.exitCode == 4, "\(result)")
            #expect(result.failure?.code == "NonZeroExit", "\(result)")
            #expect(run.outcomes.last == .notSent && result.linesNotSent == 1)
        }
        var broken = try SessionRun("exit 4\n2", ScriptedClient(["exit 4": [asks]]))
        broken.start()
        broken.perform { $0.receiveEnd(at: $1) }
        #expect(broken.outcomes == [.unknown, .notSent])
        #expect(broken.result?.outcome == .failed && broken.result?.exitCode == 4)
    }

    @Test("A far side that ends the session before the first line has run nothing of the playbook")
    func exitBeforeTheFirstLine() throws {
        let prompt: [ScriptedClient.Act] = [.host(.setShouldExit, [.int32(0)]), .end(.completed)]
        var run = try SessionRun("1", ScriptedClient(["prompt": [prompt]]))
        run.start()
        #expect(run.outcomes == [.notSent])
        #expect(run.result?.outcome == .notRun)
        #expect(run.result?.failure?.code == "SessionEnded")
    }

    @Test("What ends a session before it is open does not stand for its opening")
    func exitBeforeOpen() throws {
        var run = try SessionRun("1")
        let call = HostCall(callID: HostCall.voidCallID, method: .setShouldExit, parameters: [.int32(0)], pipeline: nil)
        let tooLate = TargetFailure(code: "ConnectingTimeout", message: "too late")
        run.session.open(
            at: .after(.zero),
            by: OpeningLimit(due: .seconds(30), failure: tooLate, promptFailure: tooLate)
        )
        run.session.client.tell(.hostCall(call))
        run.settle()
        run.wait(.seconds(20))
        #expect(run.result == nil)
        run.wait(.seconds(20))
        #expect(run.result?.outcome == .unreachable)
    }

    @Test("A result keeps a step's output up to a bound, and says where it is cut")
    func endlessOutput() throws {
        let line = String(repeating: "a", count: 1 << 20)
        let acts = Array(repeating: ScriptedClient.Act.line(line), count: 20) + [.end(.completed)]
        var run = try SessionRun("1", ScriptedClient(["1": [acts]]))
        run.start()
        let output = try #require(run.result?.steps.first?.output)
        #expect(output.utf8.count < StepResult.outputBytes + 200)
        #expect(output.hasSuffix("16 MiB of its output]\n"))
        #expect(run.screen.utf8.count > 20 << 20)
    }

    @Test("A session that breaks leaves its line unknown and sends nothing more")
    func breaks() throws {
        var run = try SessionRun("1\n2\n3", ScriptedClient(["2": [[.line("half")]]]))
        run.start()
        run.perform { $0.receiveEnd(detail: " (exit status 255)", at: $1) }
        #expect(run.outcomes == [.ok, .unknown, .notSent])
        #expect(run.result?.outcome == .broken)
        #expect(run.result?.failure?.code == "SessionBroken")
        #expect(run.result?.failure?.message.contains("op@web01:22") == true)
        #expect(run.result?.failure?.message.contains("line 2") == true)
        #expect(run.result?.failure?.message.contains("exit status 255") == true)
        #expect(run.result?.steps[1].output == "half\n")
    }

    @Test("A break behind a line, in its probe, leaves it unknown whether the line went well")
    func breaksInProbe() throws {
        var run = try SessionRun("1\n2", ScriptedClient([ScriptedClient.probe: [[]]]))
        run.start()
        run.perform { $0.receiveEnd(at: $1) }
        #expect(run.outcomes == [.unknown, .notSent])
        #expect(run.result?.steps[0].failure?.code == "SuccessUnknown")
        #expect(run.result?.steps[0].succeeded == nil)
        #expect(run.result?.outcome == .broken)
    }

    @Test("What the protocol refuses breaks the session by name")
    func protocolError() throws {
        var run = try SessionRun("1", ScriptedClient(["1": [[]]]))
        run.start()
        run.session.client.breakWith(PSRPError(.malformedFragment, "a fragment has no end"))
        run.settle()
        #expect(run.outcomes == [.unknown])
        #expect(run.result?.failure?.code == "MalformedData")
    }

    @Test("Before the pool is open a target is unreachable, whatever goes wrong")
    func unreachable() throws {
        var run = try SessionRun("1")
        run.session.connection(isIn: SessionPhase.opening)
        run.perform { $0.receiveEnd(at: $1) }
        #expect(run.result?.outcome == .unreachable)
        #expect(run.result?.phase == "psrp_open")
        #expect(run.outcomes == [.notSent])
    }

    @Test("Behind a line that asked for the end the far side may end as it likes; before that the line is unknown")
    func endsWhileClosing() throws {
        let asks = ScriptedClient.Act.host(.setShouldExit, [.int32(0)])
        var ended = try SessionRun("exit", ScriptedClient(["exit": [[asks, .end(.completed)]]]))
        ended.start()
        ended.perform { $0.receiveEnd(at: $1) }
        #expect(ended.result?.outcome == .ok)
        #expect(ended.outcomes == [.ok])
        var run = try SessionRun("exit\n2", ScriptedClient(["exit": [[.line("out"), asks]]]))
        run.start()
        run.perform { $0.receiveEnd(at: $1) }
        #expect(run.result?.outcome == .failed)
        #expect(run.outcomes == [.unknown, .notSent])
        #expect(run.result?.failure?.code == "LineNotEnded")
        #expect(run.result?.failure?.message.contains("line 1") == true)
    }
}
