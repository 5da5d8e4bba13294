package import PSRunCommandLine
import Recording
import RecordingFormat
import Threads

/// `psrun follow [RUN]`: a run in progress, from its journal.
package enum FollowCommand {
    /// With the 100 ms in which the recorder writes, an event is shown well within 250 ms.
    private static let pollMilliseconds: Int32 = 25

    package static func run(_ invocation: FollowInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                let run = try chosen(invocation.run, in: store)
                return try follow(run, host: invocation.host, console)
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func chosen(_ name: String?, in store: RunStore) throws(RecordingError) -> RecordedRun {
        guard let name else {
            guard let newest = try store.runs().last(where: \.isRunning) else {
                throw RecordingError(.notFound, "No run is in progress in \(store.folder).")
            }
            return newest
        }
        let run = try store.run(name)
        guard !run.isRunning else { return run }
        guard run.manifest == nil else {
            throw RecordingError(.notFound, "\(run.name) has ended: `psrun replay \(run.name)` plays it.")
        }
        try run.requireSealed()
        return run
    }

    private static func follow(_ run: RecordedRun, host: String?, _ console: VerbConsole) throws(RecordingError)
        -> Int32
    {
        let follower: RunFollower
        do throws(RecordingError) {
            follower = try RunFollower(folder: run.folder)
        } catch {
            // It has ended since it was chosen.
            guard RecordedRun(folder: run.folder).isSealed else { throw error }
            return try ending(of: RecordedRun(folder: run.folder), console)
        }
        var printer: FollowPrinter?
        var isRead = true
        while isRead {
            // Asked before the rest is read: what is written until it ends is in that rest.
            let isRunning = try follower.isRunning
            try follower.forEachNewBlock { block throws(RecordingError) in
                if printer == nil { printer = try FollowPrinter(block, run: run.name, host: host, console: console) }
                for record in block.records where isRead { isRead = printer?.take(record) ?? true }
                return isRead
            }
            guard isRunning else { break }
            if isRead { follower.wait(milliseconds: pollMilliseconds) }
        }
        guard isRead else { return ExitCode.allWell.number }
        printer?.finish()
        return try ending(of: RecordedRun(folder: run.folder), console)
    }

    private static func ending(of run: RecordedRun, _ console: VerbConsole) throws(RecordingError) -> Int32 {
        switch run.state {
        case .sealed(let manifest):
            return manifest.exitCode ?? ExitCode.recordingNotWhole.number
        case .running, .killed, .pruned, .damaged, .unreadable:
            try run.requireSealed()
            return ExitCode.recordingNotWhole.number
        }
    }
}
