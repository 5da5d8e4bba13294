import RecordingFormat
import Reports
import Testing

@Suite("The summary of a run")
struct RunInBriefTests {
    private func step(
        _ line: Int,
        _ text: String,
        _ outcome: RecordedOutcome = .error,
        lastExitCode: Int? = nil,
        exitCode: Int32? = nil,
        failure: RecordedFailure? = nil,
        output: String? = nil
    ) -> StepInBrief {
        StepInBrief(
            StepRecord(
                firstLine: line,
                lastLine: line,
                text: text,
                outcome: outcome,
                succeeded: nil,
                lastExitCode: lastExitCode,
                exitCode: exitCode,
                failure: failure,
                startedMicroseconds: nil,
                durationMicroseconds: nil,
                output: output
            )
        )
    }

    private func target(
        _ name: String,
        _ outcome: RecordedOutcome = .ok,
        exitCode: Int32? = nil,
        notSent: Int = 0,
        message: String? = nil,
        steps: [StepInBrief] = [],
        count: Int? = nil
    ) -> TargetInBrief {
        let record = TargetRecord(
            target: name,
            outcome: outcome,
            exitCode: exitCode,
            linesNotSent: notSent,
            phase: nil,
            durationMicroseconds: 0,
            phases: [],
            failure: message.map { RecordedFailure(code: "c", message: $0) }
        )
        return TargetInBrief(name: name, record, steps: steps, stepsNotOK: count ?? steps.count)
    }

    @Test("A step: its line, its text, how it ended, the first line of what it showed; all of it bounded")
    func steps() {
        #expect(
            step(18, "check /srv", lastExitCode: 1, output: "\r\n \n  93 % \nmore").line
                == "line 18 (check /srv): error, exit code 1: 93 %"
        )
        #expect(step(0, ". 'p'", .failed).line == "profile (. 'p'): failed")
        #expect(step(3, "exit 3", exitCode: 3).line == "line 3 (exit 3): error, asked for exit code 3")
        #expect(step(3, "exit", .stopped, lastExitCode: 0, exitCode: 0).line == "line 3 (exit): stopped")
        #expect(step(4, "if (1) {\n2 }", .unknown).line == "line 4 (if (1) {): unknown")
        let long = step(5, String(repeating: "x", count: 10_000), output: String(repeating: "\u{65E5}", count: 10_000))
        #expect(long.line.count < 300 && long.line.hasSuffix("\u{65E5}…"))
        #expect(StepInBrief(StepRecord()).line == "a step: unknown")
    }

    @Test("A target: why it is not well, its step before its message where the step ended the session")
    func targets() {
        let exit = target(
            "web03",
            .error,
            exitCode: 1,
            notSent: 1,
            message: "web03: line 3 ended the session with exit code 1",
            steps: [step(3, "test", exitCode: 1)]
        )
        #expect(exit.heading == "web03: error, exit 1, 1 line not sent")
        #expect(exit.reasons == ["line 3 (test): error, asked for exit code 1"])
        let slow = target(
            "w",
            .timedOut,
            message: "w: too slow; line 1 was stopped",
            steps: [step(1, "sleep", .stopped)]
        )
        #expect(slow.reasons == ["too slow; line 1 was stopped"])
        let many = target("w", .error, steps: (1...3).map { step($0, "false") }, count: 5)
        #expect(many.reasons.count == 4 && many.reasons.last == "2 more steps were not ok")
        #expect(
            target("w", .error, steps: (1...3).map { step($0, "f") }, count: 4).reasons.last == "1 more step was not ok"
        )
        #expect(target("w", exitCode: 0, notSent: 2).isWell && target("w", exitCode: 0).reasons.isEmpty)
        #expect(!target("w", exitCode: 2).isWell)
    }

    @Test("A step that was cut off tells what did that, once, and never what it had written")
    func cutOff() {
        let lost = RecordedFailure(code: "c", message: "the SSH connection was lost")
        let unread = RecordedFailure(code: "SuccessUnknown", message: "the far side did not tell `$?`")
        let broken = step(2, "sleep 60", .unknown, failure: lost, output: "out")
        #expect(broken.line == "line 2 (sleep 60): unknown: the SSH connection was lost")
        #expect(step(2, "sleep 60", .unknown, output: "out").line == "line 2 (sleep 60): unknown")
        // The session's own failure tells of it, in more words; of another step it does not.
        let target = target(
            "w",
            .broken,
            message: "w: the session broke when line 2 was running",
            steps: [step(1, "x", .unknown, failure: unread), broken]
        )
        #expect(
            target.reasons == [
                "the session broke when line 2 was running", "line 1 (x): unknown: the far side did not tell `$?`",
            ]
        )
        let left = self.target(
            "w",
            .failed,
            exitCode: 4,
            message: "w: line 1 asked for the end and was lost",
            steps: [step(1, "exit 4", .unknown, exitCode: 4, failure: lost, output: "out")]
        )
        #expect(left.reasons == ["line 1 asked for the end and was lost"])
    }

    @Test("A run: counts, then a line for each target that is not well, in the order of its targets")
    func run() {
        var run = RunInBrief()
        #expect(run.countLine == nil && run.lines.isEmpty)
        run.add(target("db03", .unreachable, notSent: 8, message: "db03: in phase tcp: refused"), at: 2)
        // The one target of a run has told all by itself.
        #expect(run.countLine == nil && run.lines.isEmpty)
        run.add(target("web01"), at: 0)
        run.add(target("web02", .error, steps: [step(2, "ls /x", lastExitCode: 2)]), at: 1)
        #expect(run.countLine == "3 targets: 1 ok, 1 error, 1 unreachable")
        #expect(
            run.lines == [
                "web02: error: line 2 (ls /x): error, exit code 2",
                "db03: unreachable, 8 lines not sent: in phase tcp: refused",
            ]
        )
        run.add(target("huge", .failed, message: String(repeating: "x", count: 1 << 20)), at: 4)
        #expect(run.lines.last?.count == 4_096 + "huge: failed: …".count)
        // As psrun 0.1.0 told such a target.
        run.add(target("old", .ok, exitCode: 1), at: 3)
        #expect(
            run.countLine == "5 targets: 1 ok, 2 error, 1 failed, 1 unreachable" && run.lines[2] == "old: error, exit 1"
        )
    }
}
