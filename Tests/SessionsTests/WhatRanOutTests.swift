import CLIXML
import PSRP
import Testing

@testable import Sessions

@Suite("What a clock stopped")
struct WhatRanOutTests {
    @Test("Whatever a clock stops, the message says what ran out, and calls no line stopped that had ended")
    func whatRanOut() throws {
        let failing: [ScriptedClient.Act] = [.end(.failed, terminatingError("boom"))]
        let asked: [ScriptedClient.Act] = [.output(.string("PS> ")), .end(.completed)]
        let scripts: [([String: [[ScriptedClient.Act]]], String)] = [
            (
                ["1": [[]]], "line 1 was told to stop and nothing answered, so that it is not known how far it ran"
            ),
            ([ScriptedClient.probe: [[]]], "line 1 had ended, and `$?` and the prompt behind it were being asked for"),
            (["1": [failing], "Out-Default": [[]]], "line 1 had ended, and how its error is shown was being asked"),
            (
                [ScriptedClient.question: [asked], ScriptedClient.probe: [[.end(.failed)]], "prompt": [[]]],
                "no line was running, and the prompt was being asked for"
            ),
            ([ScriptedClient.question: [[]]], "no line was running, and where the blocks end was being asked"),
        ]
        for (script, words) in scripts {
            for reason in [StopReason.stepTimeout(.seconds(2)), .interrupt, .runTimeout] {
                var run = try SessionRun("1\n2", ScriptedClient(script))
                run.start()
                run.perform { $0.stop(reason, at: $1) }
                run.wait(.seconds(5))
                let message = try #require(run.result?.failure?.message)
                #expect(message.contains("; \(words), and later lines were not sent"), "\(message)")
            }
        }
    }
}
