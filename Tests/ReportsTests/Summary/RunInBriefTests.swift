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

    @Test("A step in few words: where it failed and with which code, and beside it what it was and showed")
    func stepsInFewWords() {
        let check = step(18, "check /srv", lastExitCode: 1, output: "93 %")
        #expect(check.short == "line 18, exit code 1" && check.detail == "check /srv: 93 %")
        let left = step(3, "exit 3", exitCode: 3)
        #expect(left.short == "line 3, asked for exit code 3" && left.detail == "exit 3")
        #expect(step(3, "x", .stopped).short == "line 3, stopped" && step(0, "profile").short == "profile, error")
        #expect(step(0, "profile").detail.isEmpty)
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

    @Test("A run: counts, then a line for each reason, that of the most targets first, its hosts folded")
    func run() {
        var run = RunInBrief()
        #expect(run.countLine == nil && run.lines.isEmpty)
        run.add(target("db03", .unreachable, notSent: 8, message: "db03: in phase tcp: refused"), at: 2)
        // The one target of a run has told all by itself.
        #expect(run.countLine == nil && run.lines.isEmpty)
        run.add(target("web01"), at: 0)
        run.add(target("web02", .error, steps: [step(2, "ls /x", lastExitCode: 2)]), at: 1)
        #expect(run.countLine == "3 targets: 1 ok, 1 error, 1 unreachable")
        #expect(run.lines == ["web02: line 2, exit code 2: ls /x", "db03: c, 8 lines not sent: in phase tcp: refused"])
        run.add(target("web04", .error, steps: [step(2, "ls /x", lastExitCode: 2)]), at: 5)
        run.add(target("huge", .failed, message: String(repeating: "x", count: 1 << 20)), at: 4)
        #expect(run.lines.first == "web[02,04]: line 2, exit code 2: ls /x")
        // Why the huge one failed has the same code, and other words.
        #expect(run.lines.last?.hasPrefix("db03,huge: c, 0 to 8 lines not sent; on db03: in phase tcp: ") == true)
        // As psrun 0.1.0 told such a target.
        run.add(target("old", .ok, exitCode: 1), at: 3)
        #expect(run.countLine == "6 targets: 1 ok, 3 error, 1 failed, 1 unreachable")
        #expect(run.lines.last == "old: exit 1")
        #expect(run.notWell == ["web02", "db03", "old", "huge", "web04"] && run.firstNotWell == "web02")
        #expect(run.words == "web[02,04]: line 2, exit code 2; db03,huge: c; old: exit 1")
    }

    private func failure(_ code: String, _ message: String, phase: String?, _ name: String) -> TargetInBrief {
        let record = TargetRecord(
            target: name,
            outcome: .unreachable,
            exitCode: nil,
            linesNotSent: 2,
            phase: phase,
            durationMicroseconds: 0,
            phases: [],
            failure: RecordedFailure(code: code, message: "\(name): in phase \(phase ?? ""): \(message)")
        )
        return TargetInBrief(name: name, record, steps: [], stepsNotOK: 0)
    }

    @Test("Hosts that were not reached are told by reason and phase, whatever their own names and addresses are")
    func unreachable() {
        var run = RunInBrief()
        for (index, name) in ["db01", "db02", "db03"].enumerated() {
            let message = "cannot connect to port 22 (Connection refused). Check that \(name) is up."
            run.add(failure("ConnectionFailed", message, phase: "tcp", name), at: index)
        }
        #expect(
            run.lines == [
                "db[01-03]: refused, phase tcp, 2 lines not sent: "
                    + "cannot connect to port 22 (Connection refused). Check that db01 is up."
            ]
        )
        run.add(failure("ConnectionFailed", "port 22 (10.0.0.4: Connection refused)", phase: "tcp", "db04"), at: 3)
        #expect(run.lines.first?.hasPrefix("db[01-04]: refused, phase tcp, 2 lines not sent; on db01: cannot ") == true)
        let kinds = [
            ("ConnectionFailed", "(10.0.0.1: No route to host)", "tcp", "no route to host, phase tcp"),
            ("ConnectionFailed", "(x)", "tcp", "not connected, phase tcp"),
            ("ConnectingTimeout", "1 ms ran out", "banner", "timed out, phase banner"),
            ("HostKeyChanged", "", "host_key", "host key changed, phase host_key"),
            ("SSHProtocolError", "", "kex", "SSH protocol error, phase kex"),
            ("SubsystemMissing", "", "subsystem", "no subsystem, phase subsystem"),
        ]
        for (code, message, phase, short) in kinds {
            #expect(failure(code, message, phase: phase, "a").reason.short == short)
        }
    }

    @Test("The commands that come next show the first target of the largest group, and try what may be tried again")
    func next() {
        var run = RunInBrief()
        run.add(target("web01"), at: 0)
        #expect(NextCommands(run: "r", folder: nil, run) == nil)
        run.add(failure("ConnectionFailed", "", phase: "tcp", "[fe80::1%eth0]:22"), at: 1)
        #expect(
            NextCommands(run: "20261130T020000Z-nightly-3fa91c", folder: nil, run)?.lines == [
                "psrun show 20261130T020000Z-nightly-3fa91c --host '[fe80::1%eth0]:22'",
                "psrun rerun 20261130T020000Z-nightly-3fa91c --unreachable",
            ]
        )
        run.add(target("web02", .error, steps: [step(2, "ls /x", lastExitCode: 2)]), at: 2)
        #expect(
            NextCommands(run: "r", folder: "it's here", run)?.lines.last
                == "psrun rerun r --recordings 'it'\\''s here' --failed --unreachable"
        )
        run.add(failure("Interrupted", "", phase: nil, "web03"), at: 3)
        #expect(NextCommands(run: "r", folder: nil, run)?.lines.last == "psrun resume r")
    }
}
