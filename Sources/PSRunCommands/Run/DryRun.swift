import Fleet
import PSRunCommandLine
import Playbooks
import Preparation
import RecordingFormat
import Results
import Targets

/// `--dry-run`: what would be sent, and where.
enum DryRun {
    static func show(_ run: PreparedRun, on output: RunOutput, mask: SecretMask) {
        let lines = run.playbook.lines.filter { !$0.isBlank }.map { ($0.number, mask.masked($0.text)) }
        let targets = run.targets.map { mask.masked($0.name) }
        switch output.format {
        case .text, .junit:
            for (target, way) in zip(targets, run.targets.map(\.wayShown)) {
                output.show(target + (way.map { " (\(mask.masked($0)))" } ?? "") + "\n")
            }
            for (number, text) in lines { output.show("\(number): \(text)\n") }
        case .json, .jsonl:
            let value: JSONValue = .record([
                .playbook: .string(mask.masked(run.invocation.playbook.name)),
                .targets: .array(targets.map { .string($0) }),
                .winrm: .array(run.targets.compactMap { $0.winRMRecord(mask.masked) }),
                .lines: .array(
                    lines.map { .record([.firstLine: .integer(Int64($0.0)), .text: .string($0.1)]) }
                ),
            ])
            output.show(String(decoding: value.compact, as: UTF8.self) + "\n")
        case .nagios:
            output.show(PluginFailure.line("nothing was checked but the playbook and the targets").text)
        }
    }
}
