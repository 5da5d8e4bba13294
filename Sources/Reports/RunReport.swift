import ConsoleText
package import Recording
package import RecordingFormat

/// What a run did, target by target, as `show` tells it.
package struct RunReport {
    /// With more targets than this, those that are well are only named, and of the others what is not ok is shown.
    private static let mostInFull = 10
    /// So many of those that are well are named.
    private static let mostNamed = 20

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
        guard targets.count > Self.mostInFull else { return heading + targets.map(Self.text).joined() }
        let well = targets.filter(\.isWell)
        let notWell = targets.filter { !$0.isWell }
        return heading + Self.names(of: well) + notWell.map(Self.brief).joined()
            + "\n`psrun show \(run.name) --host HOST` shows all steps of a target.\n"
    }

    /// `6 ok: db01, db02, …`.
    private static func names(of targets: [TargetSummary]) -> String {
        guard !targets.isEmpty else { return "" }
        let names = targets.prefix(mostNamed).map(\.name).joined(separator: ", ")
        let rest = targets.count > mostNamed ? " and \(targets.count - mostNamed) more" : ""
        return lines(["", "\(targets.count) ok: \(names)\(rest)"])
    }

    private var heading: String {
        var lines = [("Run", "\(run.name) (\(run.stateName))"), ("Folder", run.folder)]
        if let manifest = run.manifest {
            let took = readable(microseconds: manifest.durationMicroseconds)
            let outcomes = outcomes(manifest).sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
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
        if let shard = run.manifest?.shard ?? run.description?.shard {
            lines.append(("Shard", "\(shard.text), of \(shard.selection.targets) targets"))
        }
        if let merge = run.manifest?.merge, !merge.missing.isEmpty {
            let missing = merge.missing.prefix(20).map { "\($0)" }.joined(separator: ", ")
            lines.append(("Partial", "\(merge.missing.count) of \(merge.count) shards are missing: \(missing)"))
        }
        if let description = run.description {
            lines += [
                ("Playbook", description.playbookName),
                ("Started", UTCTime(secondsSince1970: description.startedSeconds).extended),
                ("Targets", "\(description.targets.count)"),
            ]
        }
        if let continued = run.continuedRun { lines.append(("Continues", continued)) }
        switch run.state {
        case .running: lines.append(("Sealed", "not yet: `psrun follow \(run.name)` shows it live"))
        case .killed: lines.append(("Sealed", "no, psrun was killed: `psrun recover \(run.name)` seals it"))
        case .sealed, .pruned, .damaged, .unreadable: break
        }
        return lines.map { key, value in
            "\(key)\(String(repeating: " ", count: 11 - key.count))\(TerminalText.presentable(value, colored: false))\n"
        }.joined()
    }

    /// How many targets ended how: as they say themselves where all of them are told. psrun 0.1.0 counted as `ok` what had
    /// asked for an exit code other than 0.
    private func outcomes(_ manifest: Manifest) -> [String: Int] {
        guard targets.count == manifest.entries else { return manifest.outcomes }
        return Dictionary(grouping: targets, by: \.outcome).mapValues(\.count)
    }

    /// A target with all of its steps.
    private static func text(_ target: TargetSummary) -> String {
        var lines = beginning(of: target, phases: target.phases)
        if let blocks = target.blocks { lines.append("  blocks cut by: \(blocks)") }
        return Self.lines(lines + target.stepLines.map { "  \($0)" })
    }

    /// A target that is not well with the steps that are not ok.
    private static func brief(_ target: TargetSummary) -> String {
        let count = target.stepsNotOK
        let rest = count - target.briefs.count
        var lines = beginning(of: target, phases: []) + target.untoldBriefs.map { "  \($0.line)" }
        if rest > 0 { lines.append("  \(rest) more \(rest == 1 ? "step was" : "steps were") not ok") }
        return Self.lines(lines)
    }

    private static func beginning(of target: TargetSummary, phases: [String]) -> [String] {
        var lines = ["", "\(target.name): \(target.ending)"]
        if !phases.isEmpty { lines.append("  \(phases.joined(separator: ", "))") }
        // What a far side says in a message must not pass for another target.
        if let message = target.message {
            lines += message.split { $0 == "\n" || $0 == "\r\n" }.map { "  \($0)" }
        }
        return lines
    }

    private static func lines(_ lines: [String]) -> String {
        lines.map { TerminalText.presentable($0, colored: false) + "\n" }.joined()
    }
}
