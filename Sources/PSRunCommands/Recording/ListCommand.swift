import ConsoleText
package import PSRunCommandLine
import Recording
import RecordingFormat
import Reports
import Threads

/// `psrun list`: the runs of a recordings folder, the oldest first.
package enum ListCommand {
    /// Those that are asked for, the newest ones up to the limit. A run's targets are read only where they matter.
    private static func chosen(from runs: [RecordedRun], _ invocation: ListInvocation) -> [RecordedRun] {
        let filter = TargetFilter(invocation.hosts)
        var chosen: [RecordedRun] = []
        for run in runs.reversed() where chosen.count < invocation.limit ?? .max {
            guard !invocation.failedOnly || run.hasFailed else { continue }
            guard invocation.hosts.isEmpty || run.hasTarget(filter) else { continue }
            chosen.append(run)
        }
        return chosen.reversed()
    }

    package static func run(_ invocation: ListInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                console.warn(ofLinksIn: store)
                let runs = chosen(from: try store.runs(invocation.selection), invocation)
                let report = RunList(runs, in: store.folder)
                switch invocation.format {
                case .json: _ = console.write(String(decoding: report.json.indented, as: UTF8.self))
                case .text where runs.isEmpty:
                    let isChosen =
                        invocation.selection != RunSelection() || invocation.failedOnly || !invocation.hosts.isEmpty
                    console.warn("There are no \(isChosen ? "such " : "")runs in \(store.folder).")
                case .text:
                    console.warn("Recordings in \(TerminalText.presentable(store.folder, colored: false)):")
                    _ = console.write(report.text)
                }
                return ExitCode.allWell.number
            } catch {
                return console.fail(error)
            }
        }
    }
}

extension RecordedRun {
    /// Whether somebody has to look at it: a target that is not well, a run that did not end by itself, or its recording.
    fileprivate var hasFailed: Bool {
        switch state {
        case .sealed(let manifest), .pruned(let manifest, _):
            manifest.exitCode != 0 || manifest.targets(ended: .ok) != manifest.entries
        case .running: false
        case .killed, .damaged, .unreadable: true
        }
    }

    /// Whether any of its targets is meant. Of what cannot be read nobody knows.
    fileprivate func hasTarget(_ filter: TargetFilter) -> Bool {
        switch state {
        case .sealed:
            let targets = (try? SealedRecording(folder: folder))?.entries.map(\.target) ?? []
            return targets.contains { filter.contains($0.utf8) }
        case .running(let description), .killed(let description):
            return description?.targets.contains { filter.contains($0.utf8) } ?? false
        case .pruned, .damaged, .unreadable: return false
        }
    }
}
