import Recording
import RecordingFormat

/// A recorded run for the verbs on recordings to read.
enum RecordedSample {
    /// One target's session, as events; a step's output is coloured and tries to name the window.
    static func events(_ target: String, outcome: String) -> [RecordedEvent] {
        let step: JSONValue = [
            "first_line": 2, "last_line": 4, "text": "if ($true) {\n  'hi'\n}", "outcome": "ok", "duration_us": 12_345,
        ]
        let result: JSONValue = [
            "target": .string(target), "outcome": .string(outcome), "exit_code": nil, "phase": nil,
            "duration_us": 3_456_789, "phases_us": ["tcp": 900, "kex": 30_000, "auth": nil],
            "error": outcome == "ok" ? nil : ["code": "Refused", "message": .string("nobody listens at \(target)")],
        ]
        let prompt = "[\(target)]: PS> "
        return [
            RecordedEvent(time: 0, code: .output, data: prompt),
            RecordedEvent(time: 1_000_000_000, code: .marker, data: "line 2"),
            RecordedEvent(time: 1_000_000_000, code: .input, data: "'hi'"),
            RecordedEvent(time: 1_000_000_000, code: .output, data: "'hi'\r\n"),
            RecordedEvent(time: 61_000_000_000, code: .warning, data: "not shown twice"),
            RecordedEvent(
                time: 61_000_000_000,
                code: .output,
                data: "\u{1b}[32mhi\u{1b}[0m \u{1b}]0;owned\u{7}\r\n"
            ),
            RecordedEvent(time: 61_500_000_000, code: .step, data: String(decoding: step.compact, as: UTF8.self)),
            RecordedEvent(time: 62_000_000_000, code: .exit, data: String(decoding: result.compact, as: UTF8.self)),
        ]
    }

    /// What a replay prints of one target, without colours.
    static func plain(_ target: String) -> String {
        "[\(target)]: PS> 'hi'\nhi ^[]0;owned^G\n"
    }

    /// Records a run; its target `down` was not reached.
    static func make(
        in folder: String,
        targets: [String],
        playbook: String = "nightly.ps1",
        startedSeconds: Int64 = 1_795_312_800,
        suffix: String = "3fa91c"
    ) async throws -> SealedRun {
        let run = RunDescription(
            playbookName: playbook,
            playbookBytes: Array("'hi'\n".utf8),
            startedSeconds: startedSeconds,
            psrunVersion: "0.1.0",
            targets: targets
        )
        let recorder = try await RunRecorder.create(in: folder, run: run, suffix: suffix)
        for (entry, target) in targets.enumerated() {
            recorder.begin(
                entry,
                EntryHeader(target: target, columns: 80, rows: 24, startedSeconds: startedSeconds, title: playbook)
            )
            for event in events(target, outcome: target == "down" ? "unreachable" : "ok") {
                recorder.record(event, in: entry)
            }
            recorder.finish(entry)
        }
        return try await recorder.seal(exitCode: targets.contains("down") ? 4 : 0)
    }
}
