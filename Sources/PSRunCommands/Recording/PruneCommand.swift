import Glibc
package import PSRunCommandLine
import Preparation
import Recording
import RecordingFormat
import Threads

/// `psrun prune --keep 90d`: removes the archives of old runs.
package enum PruneCommand {
    package static func run(_ invocation: PruneInvocation, console: VerbConsole) async -> Int32 {
        do throws(RecordingError) {
            try await invocation.seal.tryOut(environment: console.environment)
        } catch {
            return console.fail(error)
        }
        return await onOwnThread {
            do throws(RecordingError) {
                let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
                return try prune(store, invocation, console).number
            } catch {
                return console.fail(error)
            }
        }
    }

    private static func prune(
        _ store: RunStore,
        _ invocation: PruneInvocation,
        _ console: VerbConsole
    ) throws(RecordingError) -> ExitCode {
        let keep = invocation.keepSeconds ?? .max
        let options = invocation.seal.options(environment: console.environment)
        console.warn(ofLinksIn: store)
        let runs = try store.runsAndTombstones()
        let sealed = try RunChain.sealedRuns(in: store.folder)
        let decisions = RunPruning.decide(runs, sealed: sealed, now: Int64(time(nil)), keep: keep)
        var failures: [ExitCode] = []
        for (run, decision) in decisions {
            if decision == .foreign {
                console.warn(
                    "psrun: \(run.name) stays: chain.log has no line that seals it under this name with this manifest, so it "
                        + "is not a run of this folder. `psrun verify` says more."
                )
                failures.append(.notAllWell)
                continue
            }
            guard decision == .prune else {
                if let reason = reason(decision) { _ = console.write("\(run.name) stays: \(reason).\n") }
                continue
            }
            guard !invocation.dryRun else {
                _ = console.write("\(run.name) would be pruned.\n")
                continue
            }
            do throws(RecordingError) {
                let bytes = try RunPruning.prune(run.folder, reason: "--keep \(age(keep))", options: options)
                let ending =
                    bytes.map { "is pruned: \($0) bytes freed" } ?? "is gone: another psrun has pruned it meanwhile"
                _ = console.write("\(run.name) \(ending).\n")
            } catch {
                _ = console.fail(error)
                failures.append(error.exitCode)
            }
        }
        if decisions.allSatisfy({ ![.prune, .foreign].contains($0.decision) }) {
            _ = console.write("There is nothing to prune in \(store.folder).\n")
        }
        return ExitCode.combined(failures)
    }

    /// Why an old run stays; nil where nobody expects it to go.
    private static func reason(_ decision: RunPruning.Decision) -> String? {
        switch decision {
        case .prune, .foreign, .young: nil
        case .newest: "it is the newest"
        case .retained(let until): "it is retained until \(UTCTime(secondsSince1970: until).extended)"
        case .unsealed: "it is not sealed"
        case .unreadable: "this user may not read it"
        }
    }

    /// `90d`, in the largest unit that makes it whole.
    private static func age(_ seconds: Int64) -> String {
        seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds / 3_600)h"
    }
}
