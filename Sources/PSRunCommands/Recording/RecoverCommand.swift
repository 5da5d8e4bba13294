import ConsoleText
package import PSRunCommandLine
import Preparation
import Recording
import RecordingFormat
import Threads

/// `psrun recover [RUN]`: seals what a killed run left; without RUN, all that were killed.
package enum RecoverCommand {
    package static func run(_ invocation: RecoverInvocation, console: VerbConsole) async -> Int32 {
        do throws(RecordingError) {
            try await invocation.seal.tryOut(environment: console.environment)
        } catch {
            return console.fail(error)
        }
        let options = invocation.seal.options(environment: console.environment)
        return await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                guard let name = invocation.run else {
                    return ExitCode.combined(try recoverAll(store, invocation, options, console)).number
                }
                return recover(try store.run(name), options, console).number
            } catch {
                return console.fail(error)
            }
        }
    }

    /// Recovers what was killed. A signature says that its signer stands for what is sealed: without being named, only what
    /// this user has recorded is signed.
    private static func recoverAll(
        _ store: RunStore,
        _ invocation: RecoverInvocation,
        _ options: SealOptions,
        _ console: VerbConsole
    ) throws(RecordingError) -> [ExitCode] {
        console.warn(ofLinksIn: store)
        let runs = try killed(in: store)
        if runs.isEmpty { console.warn("There is nothing to recover in \(store.folder).") }
        return runs.map { run in
            guard invocation.seal.signKey != nil, let owner = RunRecovery.otherOwner(of: run.folder) else {
                return recover(run, options, console)
            }
            console.warn(
                "psrun: \(run.name) stays as it is: it belongs to another user, \(owner), and is not signed unless you name "
                    + "it: psrun recover \(run.name) --sign-key …"
            )
            return .notAllWell
        }
    }

    private static func killed(in store: RunStore) throws(RecordingError) -> [RecordedRun] {
        try store.runs().filter { run in
            switch run.state {
            // Of one that cannot be read it is said, not passed over, that nobody knows.
            case .killed, .unreadable: true
            case .sealed, .pruned, .running, .damaged: false
            }
        }
    }

    private static func recover(_ run: RecordedRun, _ options: SealOptions, _ console: VerbConsole) -> ExitCode {
        do throws(RecordingError) {
            if case .unreadable = run.state { try run.requireSealed() }
            let recovered = try RunRecovery.recover(run.folder, options: options)
            let manifest = recovered.manifest
            guard !recovered.wasSealed else {
                _ = console.write("\(run.name) is sealed; there is nothing to recover.\n")
                return manifest.recovered ? .recordingNotWhole : .allWell
            }
            let whole = manifest.targets(ended: .ok)
            let bytes = "\(recovered.droppedBytes) bytes after the last"
            let dropped =
                recovered.isDamaged
                ? " The journal is damaged: \(bytes) good commit are lost, and may include steps that were shown. "
                    + "It stays as \(RunRecovery.damagedJournal)."
                : recovered.droppedBytes == 0
                    ? "" : " \(bytes) commit were dropped: they held no step that was shown as finished."
            _ = console.write(
                "\(run.name) is recovered: \(whole) of \(manifest.entries) targets ended well.\(dropped)\n"
            )
            for shortcoming in recovered.shortcomings { _ = console.fail(shortcoming) }
            guard recovered.shortcomings.isEmpty else { return .recordingLost }
            // All but its name was there: it was cut off when nothing was missing any more.
            return manifest.recovered ? .recordingNotWhole : .allWell
        } catch {
            console.warn("psrun: \(TerminalText.presentable(error.message, colored: false))")
            return error.exitCode
        }
    }
}
