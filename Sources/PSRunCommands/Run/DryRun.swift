import PSRunCommandLine
import Playbooks
import RecordingFormat

/// `--dry-run`: what would be sent, and where.
enum DryRun {
    static func show(_ run: PreparedRun, on output: RunOutput) {
        let lines = run.playbook.lines.filter { !$0.isBlank }
        switch output.format {
        case .text:
            for target in run.targets { output.show("\(target.name)\n") }
            for line in lines { output.show("\(line.number): \(line.text)\n") }
        case .json, .jsonl:
            let value: JSONValue = [
                "playbook": .string(run.invocation.playbook),
                "targets": .array(run.targets.map { .string($0.name) }),
                "lines": .array(
                    lines.map { ["first_line": .integer(Int64($0.number)), "text": .string($0.text)] }
                ),
            ]
            output.show(String(decoding: value.compact, as: UTF8.self) + "\n")
        }
    }
}
