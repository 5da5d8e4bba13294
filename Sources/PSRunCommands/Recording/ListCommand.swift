package import PSRunCommandLine
import Recording
import RecordingFormat
import Threads

/// `psrun list`: the runs of a recordings folder, the oldest first.
package enum ListCommand {
    package static func run(_ invocation: ListInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                let runs = try store.runs(invocation.selection)
                switch invocation.format {
                case .json: _ = console.write(String(decoding: json(runs, in: store).indented, as: UTF8.self))
                case .text where runs.isEmpty:
                    let isChosen = invocation.selection != RunSelection()
                    console.warn("There are no \(isChosen ? "such " : "")runs in \(store.folder).")
                case .text: _ = console.write(table(runs))
                }
                return ExitCode.allWell.number
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func table(_ runs: [RecordedRun]) -> String {
        var table = TextTable(rightAligned: [2, 3, 4, 5, 6])
        table.add(["RUN", "STATE", "TARGETS", "WELL", "EXIT", "TOOK", "SIZE", "SIGNED", "NOT WELL"])
        for run in runs {
            let manifest = run.manifest
            table.add([
                run.name,
                run.stateName,
                run.targets.map(String.init) ?? "-",
                manifest.map { String($0.targets(ended: .ok)) } ?? "-",
                manifest?.exitCode.map { String($0) } ?? "-",
                manifest.map { readable(microseconds: $0.durationMicroseconds) } ?? "-",
                manifest.map { readable(bytes: $0.archiveBytes) } ?? "-",
                manifest == nil ? "-" : run.isSigned ? "yes" : "no",
                manifest.map(notWell) ?? "-",
            ])
        }
        return table.lines.map { $0 + "\n" }.joined()
    }

    /// `3 error, 1 unreachable`.
    private static func notWell(_ manifest: Manifest) -> String {
        let outcomes = manifest.outcomes.filter { $0.key != RecordedOutcome.ok.rawValue }.sorted { $0.key < $1.key }
        return outcomes.isEmpty ? "-" : outcomes.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func json(_ runs: [RecordedRun], in store: RunStore) -> JSONValue {
        .record([.recordings: .string(store.folder), .runs: .array(runs.map { .object($0.summary) })])
    }
}
