import Audit
import ConsoleText
package import PSRunCommandLine
import Recording
import RecordingFormat
import Replay
import Terminals
import Threads

/// `psrun replay RUN`: plays a sealed run: at a terminal for a person who can stop it and look around, elsewhere as text,
/// at once unless its pace was asked for.
package enum ReplayCommand {
    package static func run(_ invocation: ReplayInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                return try replay(invocation, console).number
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func replay(_ invocation: ReplayInvocation, _ console: VerbConsole) throws(RecordingError)
        -> ExitCode
    {
        let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
        let run = try store.run(invocation.run)
        let (recording, entries) = try run.open(host: invocation.host)
        if invocation.keepsAccessLog {
            try run.noteReading(recording.manifest, by: "replay", host: invocation.host, console)
        }
        if console.isInteractive, !invocation.instant, !entries.isEmpty, let terminal = PlayerTerminal() {
            let replay = InteractiveReplay(
                recording: recording,
                entries: entries,
                speed: invocation.speed ?? 1,
                idleLimit: invocation.idleLimit?.nanoseconds,
                colored: console.colored
            )
            let ending = try replay.run(terminal)
            return ExitCode.combined([ending, wholeness(of: recording.manifest, truncated: 0, console)])
        }
        let truncated = try print(entries, of: recording, pace: pace(invocation, console), console)
        return truncated.map { wholeness(of: recording.manifest, truncated: $0, console) } ?? .allWell
    }

    /// nil prints at once.
    private static func pace(_ invocation: ReplayInvocation, _ console: VerbConsole) -> ReplayPace? {
        let isAskedFor = invocation.speed != nil || invocation.idleLimit != nil
        guard !invocation.instant, console.isTerminal || isAskedFor else { return nil }
        return ReplayPace(speed: invocation.speed ?? 1, idleLimit: invocation.idleLimit)
    }

    /// - Returns: how many sessions were cut off with psrun; nil where nobody reads what is written any more.
    private static func print(
        _ entries: [IndexedEntry],
        of recording: SealedRecording,
        pace: ReplayPace?,
        _ console: VerbConsole
    ) throws(RecordingError) -> Int? {
        var player = EntryPlayer(pace: pace, console: console)
        for entry in entries {
            // All of an entry is checked before any of it is shown.
            try recording.check(entry)
            let heading = entries.count > 1 ? TerminalText.presentable(entry.target, colored: false) : nil
            guard try player.play(entry, of: recording, heading: heading) else { return nil }
        }
        return player.truncated
    }

    /// Says where a recording is not whole.
    private static func wholeness(of manifest: Manifest, truncated: Int, _ console: VerbConsole) -> ExitCode {
        guard manifest.recovered else { return .allWell }
        console.warn(
            "psrun: this recording is not whole: psrun ended without sealing it, and \(manifest.run) was recovered from its "
                + "journal" + (truncated == 0 ? "." : "; \(truncated) of these sessions are cut off.")
        )
        return .recordingNotWhole
    }
}

extension RecordedRun {
    /// Notes in the chain that the run is about to be read.
    /// - Throws: `writeFailed`, with the way out.
    func noteReading(
        _ manifest: Manifest,
        by verb: String,
        host: String?,
        _ console: VerbConsole
    ) throws(RecordingError) {
        guard console.keepsAccessLog else { return }
        let what = verb + (host.map { " --host \($0)" } ?? "")
        console.warn(ofUnnoted: try AccessLog.appendBlocking(reading: [(folder, manifest)], what: what))
    }
}
