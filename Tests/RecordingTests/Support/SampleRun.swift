import Recording
import RecordingFormat

/// Runs and entries as a playbook makes them.
enum SampleRun {
    static func description(targets: [String], playbook: String = "'hello'\n") -> RunDescription {
        RunDescription(
            playbookName: "nightly.ps1",
            playbookBytes: Array(playbook.utf8),
            startedSeconds: 1_795_312_800,
            psrunVersion: "0.1.0",
            targets: targets
        )
    }

    static func header(_ target: String) -> EntryHeader {
        EntryHeader(
            target: target,
            columns: 120,
            rows: 30,
            startedSeconds: 1_795_312_801,
            title: "nightly.ps1 at \(target)"
        )
    }

    /// The events of one step, from `time` nanoseconds on.
    static func step(_ number: Int, at time: UInt64, output: String) -> [RecordedEvent] {
        let result: JSONValue = [
            "first_line": .integer(Int64(number)), "last_line": .integer(Int64(number)), "text": "'step'",
            "outcome": "ok", "succeeded": true, "last_exit_code": nil, "started_us": .integer(Int64(time / 1_000)),
            "duration_us": 1_500,
        ]
        return [
            RecordedEvent(time: time, code: .marker, data: "line \(number): 'step'"),
            RecordedEvent(time: time, code: .input, data: "'step'"),
            RecordedEvent(time: time + 1_000_000, code: .output, data: output),
            RecordedEvent(
                time: time + 1_500_000,
                code: .step,
                data: String(decoding: result.compact, as: UTF8.self)
            ),
        ]
    }

    static func exit(_ target: String, outcome: String = "ok", at time: UInt64) -> RecordedEvent {
        let result: JSONValue = [
            "target": .string(target), "outcome": .string(outcome), "exit_code": nil, "phase": nil,
            "duration_us": .integer(Int64(time / 1_000)), "phases_us": ["tcp": 200, "kex": 30_000],
        ]
        return RecordedEvent(time: time, code: .exit, data: String(decoding: result.compact, as: UTF8.self))
    }

    /// Records one whole entry of some steps.
    static func record(_ entry: Int, target: String, steps: Int, in recorder: RunRecorder) async throws {
        recorder.begin(entry, header(target))
        for number in 1...steps {
            let time = UInt64(number) * 250_000_000
            for event in step(number, at: time, output: "\(target) says \(number)\r\n") {
                recorder.record(event, in: entry)
            }
            try await recorder.commit()
        }
        recorder.record(exit(target, at: UInt64(steps + 1) * 250_000_000), in: entry)
        recorder.finish(entry)
    }

    /// Makes a sealed run of some targets.
    static func sealed(in folder: String, targets: [String], steps: Int = 3, suffix: String = "3fa91c") async throws
        -> SealedRun
    {
        let recorder = try await RunRecorder.create(
            in: folder,
            run: description(targets: targets),
            suffix: suffix
        )
        for (entry, target) in targets.enumerated() {
            try await record(entry, target: target, steps: steps, in: recorder)
        }
        return try await recorder.seal(exitCode: 0)
    }
}
