package import PSRunCommandLine
import Recording
import RecordingFormat
import Sessions

/// `psrun replay RUN`: plays a sealed run; with its own timing at a terminal, at once elsewhere.
package enum ReplayCommand {
    package static func run(_ invocation: ReplayInvocation, console: VerbConsole = .ofThisProcess()) async -> Int32 {
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
        try run.requireSealed()
        let recording = try SealedRecording(folder: run.folder)
        let entries = try recording.entries(matching: invocation.host)
        var player = EntryPlayer(
            pace: console.isTerminal && !invocation.instant
                ? ReplayPace(speed: invocation.speed, idleLimit: invocation.idleLimit) : nil,
            console: console
        )
        for entry in entries {
            // All of an entry is checked before any of it is shown.
            try recording.check(entry)
            let heading = entries.count > 1 ? TerminalText.presentable(entry.target, colored: false) : nil
            guard try player.play(entry, of: recording, heading: heading) else { return .allWell }
        }
        guard recording.manifest.recovered else { return .allWell }
        console.warn(
            "psrun: this recording is not whole: psrun ended without sealing it, and \(run.name) was recovered from its journal"
                + (player.truncated == 0 ? "." : "; \(player.truncated) of these sessions end before their end.")
        )
        return .recordingNotWhole
    }
}

extension RecordedRun {
    /// - Throws: why there is no archive to read, and the way to one.
    func requireSealed() throws(RecordingError) {
        switch state {
        case .sealed: return
        case .running:
            throw RecordingError(.unsealed, "\(name) is still running: it can be read when it has ended.")
        case .killed:
            throw RecordingError(
                .unsealed,
                "\(name) was never sealed: psrun was killed, or could not write. `psrun recover \(name)` seals it."
            )
        case .pruned(_, let tombstone):
            let day = UTCTime(secondsSince1970: tombstone.prunedSeconds).extended.prefix(10)
            throw RecordingError(
                .notFound,
                "\(name) was pruned on \(day) by \(tombstone.by), \(tombstone.reason): its manifest and tombstone are left, "
                    + "and no session."
            )
        case .damaged:
            throw RecordingError(
                .damaged,
                "\(folder) is damaged: its manifest is missing or can't be read. Restore it from a copy."
            )
        }
    }
}
