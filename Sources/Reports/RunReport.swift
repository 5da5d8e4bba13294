import ConsoleText
package import Recording
package import RecordingFormat

/// What a run did, target by target, as `show` tells it.
package struct RunReport {
    /// With more targets than this, their steps are shown for `--host` only.
    private static let targetsWithSteps = 10

    private let run: RecordedRun
    private let targets: [TargetSummary]

    package init(_ run: RecordedRun, _ targets: [TargetSummary]) {
        self.run = run
        self.targets = targets
    }

    /// By the names of the machine-readable result.
    package var json: JSONValue {
        .object(run.summary + [JSONMember(.targets, .array(targets.map(\.json)))])
    }

    /// A heading of several lines, then a paragraph for each target.
    package var text: String {
        let withSteps = targets.count <= Self.targetsWithSteps
        return heading + targets.map { Self.text($0, withSteps: withSteps) }.joined()
    }

    private var heading: String {
        var lines = [("Run", "\(run.name) (\(run.stateName))"), ("Folder", run.folder)]
        if let manifest = run.manifest {
            let took = readable(microseconds: manifest.durationMicroseconds)
            let outcomes = manifest.outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines += [
                ("Playbook", "\(manifest.playbookName), SHA-256 \(manifest.playbookHash)"),
                ("Started", "\(UTCTime(secondsSince1970: manifest.startedSeconds).extended), took \(took)"),
                ("Exit code", manifest.exitCode.map { String($0) } ?? "none: psrun ended before there was one"),
                ("Targets", "\(manifest.entries): \(outcomes.joined(separator: ", "))"),
                ("Signed", run.isSigned ? "yes; psrun verify says by whom" : "no"),
                ("Archive", "\(manifest.archiveBytes) bytes, SHA-256 \(manifest.archiveHash)"),
                ("psrun", manifest.psrunVersion),
            ]
        }
        if let description = run.description {
            lines += [
                ("Playbook", description.playbookName),
                ("Started", UTCTime(secondsSince1970: description.startedSeconds).extended),
                ("Targets", "\(description.targets.count)"),
            ]
        }
        switch run.state {
        case .running: lines.append(("Sealed", "not yet: `psrun follow \(run.name)` shows it live"))
        case .killed: lines.append(("Sealed", "no, psrun was killed: `psrun recover \(run.name)` seals it"))
        case .sealed, .pruned, .damaged, .unreadable: break
        }
        return lines.map { key, value in
            "\(key)\(String(repeating: " ", count: 11 - key.count))\(TerminalText.presentable(value, colored: false))\n"
        }.joined()
    }

    private static func text(_ target: TargetSummary, withSteps: Bool) -> String {
        var lines = ["", "\(target.name): \(target.outcome)\(target.took.map { ", \($0)" } ?? "")"]
        if !target.phases.isEmpty { lines.append("  \(target.phases.joined(separator: ", "))") }
        // What a far side says in a message must not pass for another target.
        if let message = target.message {
            lines += message.split { $0 == "\n" || $0 == "\r\n" }.map { "  \($0)" }
        }
        if withSteps, let blocks = target.blocks { lines.append("  blocks cut by: \(blocks)") }
        if withSteps { lines += target.stepLines.map { "  \($0)" } }
        return lines.map { TerminalText.presentable($0, colored: false) + "\n" }.joined()
    }
}
