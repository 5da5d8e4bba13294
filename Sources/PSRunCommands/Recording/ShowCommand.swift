import ConsoleText
package import PSRunCommandLine
import Recording
import RecordingFormat
import Threads

/// `psrun show RUN`: what a run did, target by target.
package enum ShowCommand {
    /// With more targets than this, their steps are shown for `--host` only.
    private static let targetsWithSteps = 10

    package static func run(_ invocation: ShowInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                try show(invocation, console)
                return ExitCode.allWell.number
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func show(_ invocation: ShowInvocation, _ console: VerbConsole) throws(RecordingError) {
        let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
        let run = try store.run(invocation.run)
        var targets: [TargetSummary] = []
        if case .unreadable = run.state { try run.requireSealed() }
        if case .sealed = run.state {
            let (recording, entries) = try run.open(host: invocation.host)
            if invocation.keepsAccessLog { try run.noteReading(recording.manifest, by: "show", host: invocation.host) }
            for entry in entries {
                targets.append(try TargetSummary(of: entry, in: recording))
            }
        }
        switch invocation.format {
        case .json:
            let members = run.summary + [JSONMember(.targets, .array(targets.map(\.json)))]
            _ = console.write(String(decoding: JSONValue.object(members).indented, as: UTF8.self))
        case .text:
            let withSteps = targets.count <= targetsWithSteps
            _ = console.write(heading(run) + targets.map { text($0, withSteps: withSteps) }.joined())
        }
    }

    private static func heading(_ run: RecordedRun) -> String {
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
        if withSteps { lines += target.stepLines.map { "  \($0)" } }
        return lines.map { TerminalText.presentable($0, colored: false) + "\n" }.joined()
    }
}
