import Configuration
import ConsoleText
import Files
import Fleet
import PSRunCommandLine
import RecordingFormat
import Targets
import Threads

/// `psrun targets`: what a selection of hosts means.
enum TargetsCommand {
    static func run(_ invocation: TargetsInvocation, _ settings: HostSettings, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(CommandFailure) {
                var selector = TargetSelector(
                    invocation.choices,
                    .standard,
                    playFolder: ".",
                    environment: console.environment,
                    wantsGroups: invocation.format == .json,
                    hosts: settings
                )
                let selected = try selector.targets(of: invocation.hosts)
                for warning in selector.warnings { console.warn("psrun: \(shown(warning))") }
                let (all, duplicates) = TargetReader.once(selected, .ssh(invocation.hosts, invocation.choices))
                for duplicate in duplicates { console.warn("psrun: \(shown(duplicate.remark))") }
                let division = try ShardDivision(
                    invocation.shard,
                    of: all.map(\.target.name),
                    environment: console.environment
                )
                let targets = division.part(of: all)
                if let remark = division.remark { console.warn("psrun: \(remark)") }
                switch invocation.format {
                case .text:
                    _ = console.write(targets.map { shown($0.target.name) + "\n" }.joined())
                case .json:
                    let value: JSONValue = .record([
                        .count: .integer(Int64(targets.count)),
                        .fold: .string(selector.fold(of: targets)),
                        .targets: .array(targets.map(\.json)),
                    ])
                    _ = console.writeBytes(value.indented)
                }
                return ExitCode.allWell.number
            } catch {
                console.warn("psrun: \(shown(error.message))")
                return error.code.number
            }
        }
    }

    private static func shown(_ text: String) -> String { TerminalText.presentable(text, colored: false) }
}
