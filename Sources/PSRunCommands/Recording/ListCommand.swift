package import PSRunCommandLine
import Recording
import RecordingFormat
import Reports
import Threads

/// `psrun list`: the runs of a recordings folder, the oldest first.
package enum ListCommand {
    package static func run(_ invocation: ListInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                let runs = try store.runs(invocation.selection)
                let report = RunList(runs, in: store.folder)
                switch invocation.format {
                case .json: _ = console.write(String(decoding: report.json.indented, as: UTF8.self))
                case .text where runs.isEmpty:
                    let isChosen = invocation.selection != RunSelection()
                    console.warn("There are no \(isChosen ? "such " : "")runs in \(store.folder).")
                case .text: _ = console.write(report.text)
                }
                return ExitCode.allWell.number
            } catch {
                return console.fail(error)
            }
        }
    }
}
