import CLIXML
import PSRP
import Testing

@testable import Sessions

@Suite("Why a step is stopped, or unknown")
struct StepReasonTests {
    private func failure(
        _ script: [String: [[ScriptedClient.Act]]],
        _ options: (inout SessionOptions) -> Void = { _ in },
        _ end: (inout SessionRun) -> Void
    ) throws -> TargetFailure {
        var run = try SessionRun("1\nlast\n3", ScriptedClient(script), options: options)
        run.start()
        end(&run)
        let step = try #require(run.result?.steps.first { $0.text == "last" })
        #expect(step.outcome == .stopped || step.outcome == .unknown)
        #expect(run.result?.steps[0].failure == nil && run.result?.steps[2].failure == nil)
        return try #require(step.failure)
    }

    @Test("A line whose session broke tells the connection's end, and not what it had written")
    func broken() throws {
        let broken = try failure(["last": [[.line("out")]]]) {
            $0.perform { $0.receiveEnd(detail: " (exit status 255)", at: $1) }
        }
        #expect(broken.code == "SessionBroken")
        #expect(broken.message.hasPrefix("the session broke when line 2 was running"))
        #expect(broken.message.contains("exit status 255"))
        let lost = try failure(["last": [[.line("out")]]]) {
            $0.perform {
                $0.fail(TargetFailure(code: "ConnectionLost", message: "the SSH connection was lost"), at: $1)
            }
        }
        #expect(lost.code == "ConnectionLost" && lost.message.contains("the SSH connection was lost"))
    }

    @Test(
        "A line that a clock or a signal stopped tells which, whether it stops or is dropped",
        arguments: [true, false]
    )
    func stopped(ends: Bool) throws {
        let reasons: [(StopReason, String)] = [
            (.stepTimeout(.seconds(2)), "StepTimeout"), (.targetTimeout(.seconds(2)), "TargetTimeout"),
            (.runTimeout, "RunTimeout"), (.interrupt, "Interrupted"), (.recordingLost, "RecordingLost"),
        ]
        for (reason, code) in reasons {
            let failure = try failure(["last": [[.line("out")]]]) { run in
                run.perform { $0.stop(reason, at: $1) }
                if ends { run.act(.end(.stopped, terminatingError("stopped"))) } else { run.wait(.seconds(5)) }
                #expect(run.outcomes == [.ok, ends ? .stopped : .unknown, .notSent])
            }
            let words = ends ? "line 2 was stopped" : "line 2 was told to stop and nothing answered"
            #expect(failure.code == code && failure.message.contains(words), "\(failure)")
        }
    }

    @Test("A line whose session ends, or breaks, before anything has answered a stop is unknown, and says so")
    func unanswered() throws {
        let ends: [@Sendable (inout SessionRun) -> Void] = [
            { run in run.perform { $0.receiveEnd(detail: " (exit status 0)", at: $1) } },
            { run in
                run.perform { $0.fail(TargetFailure(code: "ConnectionLost", message: "it was lost"), at: $1) }
            },
        ]
        for end in ends {
            let failure = try failure(["last": [[.line("out")]]]) { run in
                run.perform { $0.stop(.interrupt, at: $1) }
                end(&run)
                #expect(run.outcomes == [.ok, .unknown, .notSent])
                #expect(run.result?.failure?.message.contains("nothing answered") == true)
            }
            #expect(failure.code == "Interrupted" && failure.message.contains("not known how far it ran"))
        }
    }

    @Test("A line that was not sent when the stop came is not sent, and nothing is said to have stopped it")
    func unsent() throws {
        var run = try SessionRun("1\nlast\n3", ScriptedClient(["last": [[]]]))
        run.start()
        run.session.client.isSending = false
        run.perform { $0.stop(.interrupt, at: $1) }
        run.settle()
        #expect(run.outcomes == [.ok, .notSent, .notSent])
        #expect(run.result?.failure?.message.contains("line 2 was not sent") == true)
    }

    @Test("A line that the far side has lost, and says no more of, is unknown")
    func lost() throws {
        let record = ErrorRecord.make(
            message: "The far side ended the pipeline without telling how it went.",
            errorID: ErrorRecord.lostPipelineID,
            category: 27,
            reason: "PSRemotingTransportException"
        )
        let failure = try failure(["last": [[.line("out"), .end(.failed, record)]]]) { _ in }
        #expect(failure.code == "LineLost" && failure.message.contains("the far side ended the pipeline"))
    }

    @Test("A line that asked for the session's end and stayed, or was lost in it, tells that")
    func left() throws {
        let asks = [ScriptedClient.Act.line("out"), .host(.setShouldExit, [.int32(0)])]
        #expect(
            try failure(["last": [asks]]) {
                $0.wait(.seconds(5)); $0.settle()
            }.code == "LineNotEnded"
        )
        let lost = try failure(["last": [asks]]) { $0.perform { $0.receiveEnd(at: $1) } }
        #expect(lost.code == "LineNotEnded" && lost.message.contains("was lost before the line ended"))
    }

    @Test("A line that the far side stopped tells the far side's words; one without `$?` that it was not told")
    func there() throws {
        let stopped = try failure(["last": [[.end(.stopped, terminatingError("somebody stopped it."))]]]) { _ in }
        #expect(stopped.code == "StoppedThere")
        #expect(stopped.message == "it was stopped at the far side: somebody stopped it")
        let answers = [ScriptedClient.probed(true), [.end(.failed)], ScriptedClient.probed(true)]
        let unread = try failure([ScriptedClient.probe: answers]) { _ in }
        #expect(unread.code == "SuccessUnknown" && unread.message.contains("did not tell `$?`"))
    }
}
