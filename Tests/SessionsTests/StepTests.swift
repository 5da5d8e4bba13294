import CLIXML
import PSRP
import Playbooks
import Testing

@testable import Sessions

@Suite("Steps")
struct StepTests {
    @Test("A line, its probe, the next line: prompts, lines and output as a person would see them")
    func ordinary() throws {
        var run = try SessionRun(
            "'a'\n\ncd /usr\n2",
            ScriptedClient([
                "'a'": [[.line("a"), .end(.completed)]],
                "2": [[.line("2"), .end(.completed)]],
                ScriptedClient.probe: [
                    ScriptedClient.probed(true), ScriptedClient.probed(true, prompt: "PS /usr> "),
                    ScriptedClient.probed(true),
                ],
            ])
        )
        run.start()
        #expect(
            run.screen == """
                [op@web01]: PS /> 'a'
                a
                [op@web01]: PS /> cd /usr
                [op@web01]: PS /usr> 2
                2

                """
        )
        #expect(run.outcomes == [.ok, .ok, .ok])
        #expect(run.result?.outcome == .ok)
        #expect(run.result?.steps.map(\.firstLine) == [1, 3, 4])
        #expect(run.result?.steps[0].output == "a\n")
        let probe = ScriptedClient.probe
        #expect(
            run.session.client.createdTexts == [ScriptedClient.question, "'a'", probe, "cd /usr", probe, "2", probe]
        )
        #expect(run.session.client.requests.last == .close)
    }

    @Test("Only lines go into the far side's history")
    func history() throws {
        var run = try SessionRun("1")
        run.start()
        #expect(
            Array(run.session.client.requests.prefix(3)) == [
                .create(ScriptedClient.question, addToHistory: false), .create("1", addToHistory: true),
                .create(ScriptedClient.probe, addToHistory: false),
            ]
        )
    }

    @Test("The profile is the first step, its path quoted")
    func profile() throws {
        var run = try SessionRun("1") { $0.profile = "/etc/it's/profile.ps1" }
        run.start()
        #expect(run.session.client.createdTexts[1] == ". '/etc/it''s/profile.ps1'")
        #expect(run.result?.steps.map(\.firstLine) == [0, 1])
    }

    @Test("$? and $LASTEXITCODE come from the probe")
    func probe() throws {
        var run = try SessionRun("a\nb", ScriptedClient([ScriptedClient.probe: [ScriptedClient.probed(false, "4")]]))
        run.start()
        let step = try #require(run.result?.steps.first)
        #expect(step.outcome == .error)
        #expect(step.succeeded == false)
        #expect(step.lastExitCode == 4)
    }

    @Test(
        "The prompt: its first string, or PS> where there is none",
        arguments: [
            ([.output(.string("a")), .output(.string("b")), .end(.completed)], "a"),
            ([.end(.completed)], "PS>"),
            ([.output(.string("")), .end(.completed)], "PS>"),
            ([.output(.null), .end(.completed)], "PS>"),
            ([.end(.failed, terminatingError("x"))], "PS>"),
        ] as [([ScriptedClient.Act], String)]
    )
    func prompt(acts: [ScriptedClient.Act], shown: String) throws {
        let probed = [ScriptedClient.Act.output(.bool(true)), .output(.string(""))] + acts
        var run = try SessionRun("1\n2", ScriptedClient(["prompt": [acts], ScriptedClient.probe: [probed]]))
        run.start()
        #expect(run.screen == "[op@web01]: \(shown)1\n[op@web01]: \(shown)2\n")
        #expect(run.result?.steps.map(\.succeeded) == [true, true])
    }

    @Test("What the prompt function writes stands before the prompt; behind a step it is that step's")
    func promptText() throws {
        let prompt: [ScriptedClient.Act] = [
            .host(.write1, [.string("host")]), .output(.string("> ")), .end(.completed),
        ]
        var run = try SessionRun(
            "1\n2",
            ScriptedClient([
                "prompt": [prompt],
                ScriptedClient.probe: [[.output(.bool(true)), .output(.string(""))] + prompt],
            ])
        )
        run.start()
        #expect(run.screen == "host[op@web01]: > 1\nhost[op@web01]: > 2\nhost")
        #expect(run.result?.steps.map(\.output) == ["host", "host"])
    }

    @Test("Where the probe fails, plain prompt serves, the next step is asked about again, and none is plainly ok")
    func probeFails() throws {
        var run = try SessionRun(
            "1\n2",
            ScriptedClient([
                ScriptedClient.probe: [[.end(.failed, terminatingError("no scripts", errorID: "ScriptsNotAllowed"))]]
            ])
        )
        run.start()
        let probe = ScriptedClient.probe
        #expect(run.session.client.createdTexts.dropFirst() == ["1", probe, "prompt", "2", probe, "prompt"])
        #expect(run.outcomes == [.unknown, .unknown])
        let remarks = run.events.filter { if case .remark = $0 { true } else { false } }
        #expect(remarks.count == 1)
        #expect(run.result?.steps.map(\.succeeded) == [nil, nil])
        #expect(run.result?.outcome == .failed)
    }

    @Test("An error line or an error record makes a step an error, whatever the probe reads")
    func errors() throws {
        var run = try SessionRun(
            "a\nb",
            ScriptedClient([
                "a": [[.errorLine("Write-Error: e"), .end(.completed)]],
                "b": [[.error(terminatingError("direct")), .end(.completed)]],
            ])
        )
        run.start()
        #expect(run.outcomes == [.error, .error])
        #expect(run.result?.outcome == .error)
        #expect(run.result?.steps.map(\.output) == ["Write-Error: e\n", "direct\n"])
    }

    @Test("A terminating error is rendered by the far side")
    func terminating() throws {
        let error = terminatingError("boom")
        var run = try SessionRun(
            "throw 'boom'\n1",
            ScriptedClient([
                "throw 'boom'": [[.end(.failed, error)]],
                "Out-Default": [[.line("Error: boom"), .end(.completed)]],
                ScriptedClient.probe: [ScriptedClient.probed(false), ScriptedClient.probed(true)],
            ])
        )
        run.start()
        #expect(run.session.client.requests.contains(.input(error.value)))
        #expect(run.screen == "[op@web01]: PS /> throw 'boom'\nError: boom\n[op@web01]: PS /> 1\n")
        #expect(run.outcomes == [.failed, .ok])
        #expect(run.result?.steps[0].succeeded == false)
        #expect(run.result?.outcome == .failed)
    }

    @Test("A terminating error that the far side cannot render is shown all the same")
    func notRendered() throws {
        var run = try SessionRun(
            "x",
            ScriptedClient([
                "x": [[.end(.failed, terminatingError("boom"))]],
                "Out-Default": [[.end(.failed, terminatingError("no"))]],
            ])
        )
        run.start()
        #expect(run.result?.steps[0].output == "Error: boom\n")
    }

    @Test("A step that is not ok ends the run where that is wished, and the other lines are told as not sent")
    func stopsOnError() throws {
        var run = try SessionRun("a\nb\n\nc", ScriptedClient(["a": [[.errorLine("e"), .end(.completed)]]])) {
            $0.stopsOnError = true
        }
        run.start()
        #expect(run.outcomes == [.error, .notSent, .notSent])
        #expect(run.result?.steps.map(\.text) == ["a", "b", "c"])
        #expect(run.result?.outcome == .error)
    }

    @Test("A pipeline that the far side stopped without an error ended well, as a popped nested session does")
    func popped() throws {
        var run = try SessionRun("Enter-PSSession x", ScriptedClient(["Enter-PSSession x": [[.end(.stopped)]]]))
        run.start()
        #expect(run.outcomes == [.ok])
    }

    @Test("A pipeline that the far side stopped is a stopped step, and the session goes on")
    func stoppedThere() throws {
        let error = terminatingError("The pipeline has been stopped.", reason: "PipelineStoppedException")
        var run = try SessionRun("a\nb", ScriptedClient(["a": [[.end(.stopped, error)]]]))
        run.start()
        #expect(run.outcomes == [.stopped, .ok])
        #expect(run.result?.steps[0].output == "Error: The pipeline has been stopped.\n")
        #expect(run.result?.outcome == .failed)
    }

    @Test("An endpoint that takes no scripts is told by its first refused line, in one error")
    func scriptsNotAllowed() throws {
        let refusal = terminatingError(
            "The syntax is not supported",
            reason: "ParseException",
            errorID: "ScriptsNotAllowed"
        )
        var run = try SessionRun("1\n2", ScriptedClient(["1": [[.end(.failed, refusal)]]]))
        run.start()
        #expect(run.outcomes == [.failed, .notSent])
        #expect(run.result?.failure?.code == "ScriptsNotAllowed")
        #expect(run.result?.outcome == .failed)
    }

    @Test("A missing Out-Default brings the late look at the session's commands")
    func lateMetadata() throws {
        let missing = terminatingError("The term 'Out-Default' is not recognized", reason: "CommandNotFoundException")
        var client = ScriptedClient(["1": [[.end(.failed, missing)]]])
        client.metadata = [.output(.null), .error(missing), .end(.completed)]
        var run = try SessionRun("1\n2", client)
        run.start()
        #expect(run.session.client.requests.contains(.metadata(["Out-Default", "Exit-PSSession"])))
        #expect(run.result?.failure?.code == "RequiredCommandsMissing")
        #expect(run.outcomes == [.failed, .notSent])
    }

    @Test("A playbook of another language is not sent, unless any shell will do")
    func language() throws {
        let endpoint = PSValue.dictionary([
            (
                .string("PSVersionTable"),
                .dictionary([(.string("PSEdition"), .string("psrun")), (.string("Language"), .string("sh"))])
            )
        ])
        var refused = try SessionRun("1") { $0.language = .powerShell }
        refused.start(privateData: endpoint)
        #expect(refused.result?.outcome == .notRun)
        #expect(refused.result?.failure?.code == "WrongLanguage")
        #expect(refused.outcomes == [.notSent])
        #expect(refused.session.client.createdTexts.isEmpty)

        var other = try SessionRun("1") { $0.language = .posixShell }
        other.start(privateData: .dictionary([]))
        #expect(other.result?.outcome == .notRun)

        var right = try SessionRun("1") { $0.language = .posixShell }
        right.start(privateData: .properties([("ApplicationPrivateData", endpoint)]))
        #expect(right.result?.outcome == .ok)

        var any = try SessionRun("1")
        any.start(privateData: endpoint)
        #expect(any.result?.outcome == .ok)
    }

    @Test("A prompt begins a line of its own, and what the step printed stays as it came")
    func newLine() throws {
        let client = ScriptedClient(["1": [[.host(.write1, [.string("x")]), .end(.completed)]]])
        var run = try SessionRun("1\n2", client)
        run.start()
        #expect(run.screen == "[op@web01]: PS /> 1\nx\n[op@web01]: PS /> 2\n")
        #expect(run.result?.steps[0].output == "x")
    }

    /// server/errors has the state; the text is the far side's own, as at a console there. PowerShell's own client sends a
    /// copy back that has lost its type, and shows `Error: top` (client/errors).
    @Test("A thrown text is shown as a console there shows it, with its place")
    func thrown() throws {
        let shown = [
            "\u{1B}[31;1mException: \u{1B}[0m", "\u{1B}[31;1m\u{1B}[36;1mLine |\u{1B}[0m",
            "\u{1B}[31;1m\u{1B}[36;1m\u{1B}[36;1m   1 | \u{1B}[0m \u{1B}[36;1mthrow 'top'\u{1B}[0m", "top",
        ]
        let error = terminatingError("top", errorID: "top")
        var run = try SessionRun(
            "throw 'top'",
            ScriptedClient([
                "throw 'top'": [[.end(.failed, error)]],
                "Out-Default": [shown.map { .line($0) } + [.end(.completed)]],
            ])
        )
        run.start()
        #expect(run.session.client.requests.contains(.input(error.value)))
        #expect(run.result?.steps[0].output == shown.joined(separator: "\n") + "\n")
        #expect(run.outcomes == [.failed])
    }

    @Test("Output that did not go through Out-Default is shown too, records are kept typed")
    func rawOutput() throws {
        var run = try SessionRun(
            "1",
            ScriptedClient([
                "1": [
                    [
                        .output(.int32(5)), .record(.warning, .string("w")), .host(.setWindowTitle, [.string("t")]),
                        .end(.completed),
                    ]
                ]
            ])
        )
        run.start()
        #expect(run.result?.steps[0].output == "5\n")
        #expect(run.events.contains(.record(.output(.int32(5)))))
        #expect(run.events.contains(.record(.stream(.warning, .string("w")))))
        #expect(run.events.contains(.record(.hostCall(.setWindowTitle, "t"))))
    }
}
