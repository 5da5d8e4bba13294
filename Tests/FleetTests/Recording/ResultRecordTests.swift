import PSRP
import RecordingFormat
import Sessions
import Testing

@testable import Fleet

@Suite("The machine-readable result")
struct ResultRecordTests {
    private var result: TargetResult {
        var step = StepResult(
            firstLine: 1,
            lastLine: 2,
            text: "'a'\r\n",
            outcome: .ok,
            output: "\u{1B}[31ma\u{1B}[0m\n"
        )
        step.succeeded = true
        step.lastExitCode = 4
        step.startedMicroseconds = 10
        step.durationMicroseconds = 20
        return TargetResult(
            target: "web01",
            outcome: .ok,
            exitCode: 3,
            durationMicroseconds: 99,
            phasesMicroseconds: ["tcp": 7, "psrp_open": 8],
            steps: [step, StepResult(firstLine: 3, lastLine: 3, text: "2")]
        )
    }

    private func text(_ value: JSONValue) -> String { String(decoding: value.compact, as: UTF8.self) }

    @Test("A target: names, order, nulls; no colours unless they are kept")
    func target() {
        #expect(
            text(TargetRecord(result, output: .plain).json)
                == #"{"target":"web01","outcome":"ok","exit_code":3,"phase":null,"duration_us":99,"phases_us":{"resolve":null,"#
                + #""tcp":7,"banner":null,"kex":null,"host_key":null,"auth":null,"channel":null,"subsystem":null,"psrp_open":8},"#
                + #""error":null,"lines_not_sent":0,"well":false,"steps":[{"first_line":1,"last_line":2,"text":"'a'\r\n","outcome":"ok","succeeded":true,"#
                + #""last_exit_code":4,"started_us":10,"duration_us":20,"output":"a\n"},{"first_line":3,"last_line":3,"text":"2","#
                + #""outcome":"not_sent","succeeded":null,"last_exit_code":null,"started_us":null,"duration_us":null,"output":""}]}"#
        )
        #expect(text(TargetRecord(result, output: .colored).json).contains(#""output":"\u001b[31ma\u001b[0m\n""#))
    }

    @Test("A failure and its phase")
    func failure() {
        let failed = TargetResult(
            target: "t",
            outcome: .unreachable,
            phase: "host_key",
            failure: TargetFailure(code: "HostKeyChanged", message: "m")
        )
        let value = TargetRecord(failed, output: .plain).json
        #expect(value["phase"] == "host_key")
        #expect(value["error"] == ["code": "HostKeyChanged", "message": "m"])
    }

    @Test("The run: with its targets as one object, without them as the last line")
    func run() {
        let report = RunRecord(
            run: "20261122T020000Z-a-3fa91c",
            playbook: "a.ps1",
            recording: "r/20261122T020000Z-a-3fa91c",
            exitCode: 0,
            startedSeconds: 1_795_312_800,
            durationMicroseconds: 5
        )
        let line =
            #"{"run":"20261122T020000Z-a-3fa91c","playbook":"a.ps1","recording":"r/20261122T020000Z-a-3fa91c","exit_code":0,"#
            + #""started":"2026-11-22T02:00:00Z","duration_us":5"#
        #expect(text(report.json) == line + "}")
        #expect(text(report.with([]).json) == line + #","targets":[]}"#)
    }
}
