import RecordingFormat
import RunFormats
import Testing

/// Three targets: one that is well, one whose second step failed, one that nobody listens at.
private func figures() -> RunFigures {
    var figures = RunFigures(targets: 3)
    func add(_ index: Int, _ name: String, _ outcome: RecordedOutcome, notSent: Int, microseconds: Int64) {
        let record = TargetRecord(
            target: name,
            outcome: outcome,
            exitCode: nil,
            linesNotSent: notSent,
            phase: nil,
            durationMicroseconds: microseconds,
            phases: [],
            failure: nil
        )
        figures.add(record, named: name, at: index)
    }
    add(2, "db\"\\\n\u{1B}1", .unreachable, notSent: 2, microseconds: 3)
    add(0, "web01", .ok, notSent: 0, microseconds: 1_500_000)
    add(1, "web02", .error, notSent: 0, microseconds: 2_000_001)
    for outcome in [RecordedOutcome.ok, .ok, .ok, .error] { figures.add(step: outcome) }
    return figures
}

@Suite("Metrics")
struct MetricsTextTests {
    private let text = MetricsText.text(
        of: .init(playbook: "nightly.ps1", exitCode: 5, startedSeconds: 1_796_000_000, durationMicroseconds: 2_500_000),
        figures(),
        file: "nightly"
    )

    @Test("HELP and TYPE are fixed for ever: a collector drops what another file says otherwise")
    func families() {
        let fixed = """
            # HELP psrun_run_success Whether the last run went well on every target.
            # TYPE psrun_run_success gauge
            # HELP psrun_run_exit_code The exit code of the last run.
            # TYPE psrun_run_exit_code gauge
            # HELP psrun_run_start_time_seconds When the last run began, in seconds since 1970.
            # TYPE psrun_run_start_time_seconds gauge
            # HELP psrun_run_end_time_seconds When the last run ended, in seconds since 1970.
            # TYPE psrun_run_end_time_seconds gauge
            # HELP psrun_run_duration_seconds How long the last run took.
            # TYPE psrun_run_duration_seconds gauge
            # HELP psrun_run_targets Targets of the last run, by the outcome of their sessions.
            # TYPE psrun_run_targets gauge
            # HELP psrun_run_steps Steps that the last run sent, by outcome.
            # TYPE psrun_run_steps gauge
            # HELP psrun_run_lines_not_sent Lines that the last run did not send, on all targets.
            # TYPE psrun_run_lines_not_sent gauge
            # HELP psrun_target_success Whether the last run went well on this target.
            # TYPE psrun_target_success gauge
            # HELP psrun_target_duration_seconds How long the session on this target took in the last run.
            # TYPE psrun_target_duration_seconds gauge
            """
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("#") }.joined(separator: "\n") == fixed)
    }

    @Test("Every series has the file and the playbook as labels, its values are plain decimals, and nothing has a time")
    func samples() {
        let samples = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(Set(samples).count == samples.count && text.hasSuffix("\n"))
        for sample in samples {
            #expect(
                sample.wholeMatch(
                    of:
                        #/[a-z_]+\{file="nightly",playbook="nightly\.ps1"(,[a-z]+="([^"\\\n]|\\[\\"n])*")?\} [0-9]+(\.[0-9]+)?/#
                ) != nil,
                "\(sample)"
            )
        }
        for wanted in [
            #"psrun_run_success{file="nightly",playbook="nightly.ps1"} 0"#,
            #"psrun_run_end_time_seconds{file="nightly",playbook="nightly.ps1"} 1796000002.500000"#,
            #"psrun_run_targets{file="nightly",playbook="nightly.ps1",outcome="not_run"} 0"#,
            #"psrun_run_targets{file="nightly",playbook="nightly.ps1",outcome="unreachable"} 1"#,
            #"psrun_run_steps{file="nightly",playbook="nightly.ps1",outcome="ok"} 3"#,
            #"psrun_run_lines_not_sent{file="nightly",playbook="nightly.ps1"} 2"#,
            #"psrun_target_success{file="nightly",playbook="nightly.ps1",target="db\"\\\n^[1"} 0"#,
            #"psrun_target_duration_seconds{file="nightly",playbook="nightly.ps1",target="web02"} 2.000001"#,
        ] {
            #expect(samples.contains(wanted[...]), "\(wanted)")
        }
    }
}

@Suite("A monitoring plug-in's line")
struct NagiosLineTests {
    @Test("It is one line: the status, what is not well, and the figures with their thresholds")
    func line() {
        let line = NagiosLine(.critical, "web02: line 2", figures: figures(), durationMicroseconds: 2_500_000)
        #expect(
            line.text == "PSRUN CRITICAL - web02: line 2 | targets=3;;;0 done=3;;;0;3 ok=1;;3:;0;3 failed=1;;0;0;3 "
                + "unreachable=1;;0;0;3 timed_out=0;;0;0;3 steps_not_ok=1;;0;0 duration=2.500000s;;;0\n"
        )
        #expect(line.status.rawValue == 2)
    }

    @Test("Control characters, line ends and bars of the words do not reach the server, and they are bounded")
    func words() {
        let odd = NagiosLine(.unknown, "a\u{1B}[31mb|c\nd\r\n\te\u{0}\u{202E}")
        #expect(odd.text == "PSRUN UNKNOWN - ab/c d  e^@<202E>\n")
        let long = NagiosLine(.critical, String(repeating: "\u{65E5}", count: 10_000), figures: figures())
        #expect(long.text.utf8.count < 1_024 && long.text.hasSuffix("s;;;0\n") && long.text.contains("… | targets=3"))
        #expect(long.text.split(separator: "\n").count == 1)
    }

    @Test("Each exit code is one of the four statuses, and what tells nothing of the targets is unknown")
    func statuses() {
        let expected: [Int32: Int32] = [
            0: 0, 6: 1, 1: 2, 4: 2, 5: 2, 124: 2, 2: 3, 3: 3, 75: 3, 129: 3, 130: 3, 143: 3, 255: 3, -1: 3,
        ]
        for (exitCode, status) in expected {
            #expect(NagiosLine.Status(exitCode: exitCode).rawValue == status, "\(exitCode)")
        }
    }
}
