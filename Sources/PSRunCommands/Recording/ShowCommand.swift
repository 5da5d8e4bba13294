package import PSRunCommandLine
import Recording
import RecordingFormat
import Reports
import Threads

/// `psrun show RUN`: what a run did, target by target.
package enum ShowCommand {
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
            if invocation.keepsAccessLog {
                try run.noteReading(recording.manifest, by: "show", host: invocation.host, console)
            }
            for entry in entries {
                targets.append(try recording.summary(of: entry))
            }
        }
        let report = RunReport(run, targets)
        switch invocation.format {
        case .json: _ = console.write(String(decoding: report.json.indented, as: UTF8.self))
        case .text: _ = console.write(report.text)
        }
    }
}

extension SealedRecording {
    /// What an entry says of its target. All of the entry is checked against the seal.
    /// - Throws: `damaged` where the entry is not what was sealed.
    fileprivate func summary(of entry: IndexedEntry) throws(RecordingError) -> TargetSummary {
        var summary = TargetSummary(name: entry.target)
        try forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) { try summary.take(line, number: number) } catch { throw damage(error, in: entry) }
        }
        return summary
    }
}
