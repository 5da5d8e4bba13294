import CLIXML
import PSRP
import Testing

@testable import Sessions

/// What comes while no line runs: a timer's event action writes when it likes.
@Suite("Output between two lines, and behind the last")
struct LateOutputTests {
    /// `stepEnded`, `text` and so on, in order, with what they say.
    private static func told(_ run: SessionRun) -> [String] {
        run.events.compactMap { event in
            switch event {
            case .stepBegan(let line): "begin \(line)"
            case .text(let text): "text \(text)"
            case .stepEnded(let result): "end \(result.firstLine)"
            case .prompt: "prompt"
            case .record(.error(let error)): "error \(error.message)"
            case .record(.errorLine(let line)): "error line \(line)"
            default: nil
            }
        }
    }

    @Test("What comes while the probe runs is shown at once, and is the step's before it")
    func whileTheProbeRuns() throws {
        let probe: [ScriptedClient.Act] = [
            .line("tick 1"), .output(.bool(true)), .output(.string("")), .line("tick 2"), .output(.string("PS /> ")),
            .end(.completed),
        ]
        var run = try SessionRun("1\n2", ScriptedClient([ScriptedClient.probe: [probe]]))
        run.start()
        #expect(
            Self.told(run) == [
                "begin 1", "prompt", "text tick 1\n", "text tick 2\n", "end 1", "begin 2", "prompt", "text tick 1\n",
                "text tick 2\n", "end 2",
            ]
        )
        #expect(run.result?.steps.map(\.output) == ["tick 1\ntick 2\n", "tick 1\ntick 2\n"])
        #expect(run.outcomes == [.ok, .ok])
    }

    @Test("What comes while the close runs is shown, and is the last step's")
    func whileTheCloseRuns() throws {
        let lines = (1...101).map { ScriptedClient.Act.line("tick \($0)") }
        let probe = ScriptedClient.probed(true) + lines
        var run = try SessionRun("1", ScriptedClient([ScriptedClient.probe: [probe]]))
        run.start()
        let text = (1...101).map { "tick \($0)\n" }.joined()
        #expect(run.session.client.requests.last == .close)
        #expect(run.screen == "[op@web01]: PS /> 1\n" + text)
        #expect(run.result?.steps.map(\.output) == [text])
        #expect(Self.told(run).first == "begin 1" && Self.told(run).suffix(101).first == "text tick 1\n")
    }

    @Test("What comes while a step is being recorded is told behind it, and before the next one begins")
    func whileTheStepIsRecorded() throws {
        var run = try SessionRun("1\n2") { $0.awaitsRecording = true }
        run.start()
        let call = HostCall(
            callID: HostCall.voidCallID,
            method: .writeLine2,
            parameters: [.string("late")],
            pipeline: nil
        )
        run.session.client.tell(.hostCall(call))
        run.settle()
        run.perform { $0.stepIsRecorded(at: $1) }
        run.perform { $0.stepIsRecorded(at: $1) }
        #expect(Self.told(run) == ["begin 1", "prompt", "end 1", "text late\n", "begin 2", "prompt", "end 2"])
        #expect(run.result?.steps.map(\.output) == ["late\n", ""])
    }

    @Test("Where the probe does not work, what comes while a plain prompt runs is the step's before it")
    func whileAPlainPromptRuns() throws {
        var run = try SessionRun(
            "1\n2",
            ScriptedClient([
                ScriptedClient.probe: [[.end(.failed, terminatingError("no"))]],
                ScriptedClient.question: [[.line("first"), .output(.string("> ")), .end(.completed)]],
                "prompt": [[.line("tick"), .output(.string("> ")), .end(.completed)]],
            ])
        )
        run.start()
        #expect(run.screen == "first\n[op@web01]: > 1\ntick\n[op@web01]: > 2\ntick\n")
        #expect(run.result?.steps.map(\.output) == ["tick\n", "tick\n"])
    }

    @Test("A result keeps late text up to the bound of its output")
    func lateTextIsBounded() {
        var result = StepResult(firstLine: 1, lastLine: 1, text: "1", outcome: .ok, output: "a\n")
        result.write(late: "b\n")
        #expect(result.output == "a\nb\n")
        for _ in 0..<3 { result.write(late: String(repeating: "x", count: StepResult.outputBytes)) }
        #expect(result.output.utf8.count < StepResult.outputBytes + 200)
        #expect(result.output.hasSuffix("16 MiB of its output]\n"))
    }

    @Test("What a prompt function writes as an error is recorded, and makes no step an error")
    func promptErrors() throws {
        let prompt: [ScriptedClient.Act] = [
            .error(terminatingError("not shown")), .errorLine("shown"), .output(.string("> ")), .end(.completed),
        ]
        var run = try SessionRun(
            "1",
            ScriptedClient([
                "prompt": [prompt], ScriptedClient.probe: [[.output(.bool(true)), .output(.string(""))] + prompt],
            ])
        )
        run.start()
        let errors = ["error not shown", "error line shown"]
        #expect(
            Self.told(run) == errors + ["begin 1", "prompt"] + errors + ["text shown\n", "end 1"]
        )
        #expect(run.screen == "shown\n[op@web01]: > 1\nshown\n")
        #expect(run.outcomes == [.ok])
    }
}
