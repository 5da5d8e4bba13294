import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// A run as the recorder leaves it.
enum RecordedNight {
    /// One night's run, sealed, and what its archive holds.
    static func make(
        day: Int,
        targets: [String],
        steps: Int = 2,
        playbook name: String = "nightly.ps1"
    ) async throws -> (Night, ArchiveForge) {
        let folder = try TemporaryFolder()
        let playbook = Array("'night \(day)'\n".utf8)
        let started = 1_795_312_800 + Int64(day - 22) * 86_400
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: RunDescription(
                playbookName: name,
                playbookBytes: playbook,
                startedSeconds: started,
                psrunVersion: "0.1.0",
                targets: targets
            ),
            suffix: "3fa9\(day)"
        )
        for (entry, target) in targets.enumerated() {
            recorder.begin(
                entry,
                EntryHeader(
                    target: target,
                    columns: 120,
                    rows: 30,
                    startedSeconds: started,
                    title: "nightly.ps1 at \(target)"
                )
            )
            for step in 1...steps {
                let time = UInt64(step) * 250_000_000
                recorder.record(RecordedEvent(time: time, code: .input, data: "'step'"), in: entry)
                let text = "\(target) says \(step) on day \(day)\r\n"
                recorder.record(RecordedEvent(time: time + 1_000_000, code: .output, data: text), in: entry)
            }
            let exit: JSONValue = [
                "target": .string(target), "outcome": "ok", "exit_code": nil, "duration_us": 1_000_000,
            ]
            let end = String(decoding: exit.compact, as: UTF8.self)
            recorder.record(RecordedEvent(time: 1_000_000_000, code: .exit, data: end), in: entry)
            recorder.finish(entry)
        }
        let run = try await recorder.seal(exitCode: 0)
        let manifest = try #require(Manifest(try contents(of: "\(run.folder)/manifest.json")))
        let night = Night(manifest: manifest, archive: try contents(of: "\(run.folder)/run.tar.zst"))
        return (night, try ArchiveForge(run.folder, playbook: playbook))
    }
}
