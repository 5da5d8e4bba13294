import Audit
import ConsoleText
import Merging
package import PSRunCommandLine
import Preparation
import Recording
import RecordingFormat
import Reports
import Threads

/// `psrun merge RUN RUN…`: the shards of a run, put together.
package enum MergeCommand {
    package static func run(_ invocation: MergeInvocation, console: VerbConsole) async -> Int32 {
        do throws(RecordingError) {
            try await invocation.seal.tryOut(environment: console.environment)
        } catch {
            return console.fail(error)
        }
        let options = invocation.seal.options(environment: console.environment)
        let merged: Merged
        do {
            merged = try await onOwnThread { Result { try merge(invocation, options, console) } }.get()
        } catch let refusal as MergeRefusal {
            console.warn("psrun: \(TerminalText.presentable(refusal.message, colored: false))")
            return ExitCode.usage.number
        } catch let error as RecordingError {
            return console.fail(error)
        } catch {
            console.warn("psrun: \(TerminalText.presentable("\(error)", colored: false))")
            return ExitCode.notAllWell.number
        }
        let told = await report(merged.sealed.folder, invocation, console)
        return told == ExitCode.allWell.number || told == ExitCode.recordingNotWhole.number ? merged.exitCode : told
    }

    private struct Merged: Sendable {
        let sealed: SealedRun
        let exitCode: Int32
    }

    private static func merge(
        _ invocation: MergeInvocation,
        _ options: SealOptions,
        _ console: VerbConsole
    ) throws -> Merged {
        let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
        var runs: [RecordedRun] = []
        for name in invocation.runs { runs.append(try store.run(name)) }
        let shards = try ShardSet(runs, isPartial: invocation.isPartial)
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: console.environment)
        let merge = try RunMerge(shards, signatures: signatures) { ExitCode.combined($0.map(ExitCode.init)).number }
        let digits = String(UInt32.random(in: 0..<1 << 24), radix: 16)
        let suffix = String(repeating: "0", count: 6 - digits.count) + digits
        let sealed = try merge.record(in: store.folder, suffix: suffix, options: options)
        let count = runs.count == 1 ? "1 shard" : "\(runs.count) shards"
        let missing = shards.missing.isEmpty ? "" : ", \(shards.missing.count) are missing"
        let word = "\(count) with \(merge.targets) targets merged\(missing); recorded in \(sealed.folder)"
        console.warn("psrun: \(TerminalText.presentable(word, colored: false))")
        for shortcoming in sealed.shortcomings { _ = console.fail(shortcoming) }
        var codes = merge.exitCode.map { [ExitCode($0)] } ?? self.codes(of: merge.outcomes)
        if !sealed.shortcomings.isEmpty { codes.append(.recordingLost) }
        return Merged(sealed: sealed, exitCode: ExitCode.combined(codes).number)
    }

    /// What the run came to where psrun did not live to say it of each shard.
    private static func codes(of outcomes: [RecordedOutcome: Int]) -> [ExitCode] {
        [.recordingNotWhole]
            + outcomes.keys.map { $0 == .ok ? .allWell : $0 == .unreachable ? .unreachable : .notAllWell }
    }

    /// Tells what came of a run: as `show` and `export` tell it, and for programs as the run itself does.
    package static func report(_ folder: String, _ invocation: MergeInvocation, _ console: VerbConsole) async -> Int32 {
        switch invocation.format {
        case .text:
            var show = ShowInvocation(run: folder)
            show.keepsAccessLog = false
            return await ShowCommand.run(show, console: console)
        case .json, .jsonl: return await onOwnThread { result(folder, invocation.format, console) }
        case .junit:
            var export = ExportInvocation(source: .run(folder), format: .junit)
            export.keepsAccessLog = false
            return await ExportCommand.run(export, console: console)
        }
    }

    private static func result(_ folder: String, _ format: MergeInvocation.Format, _ console: VerbConsole) -> Int32 {
        do throws(RecordingError) {
            let result = RecordedResult(try SealedRecording(folder: folder), folder: folder)
            try format == .json ? result.tellJSON(to: console.writeBytes) : result.tellLines(to: console.writeBytes)
            return ExitCode.allWell.number
        } catch {
            return console.fail(error)
        }
    }
}

extension ExitCode {
    /// What a run ended with, by its number.
    fileprivate init(_ number: Int32) {
        let known: [ExitCode] = [
            .allWell, .notAllWell, .usage, .recordingLost, .unreachable, .unreachableAndNotAllWell, .recordingNotWhole,
            .locked, .timedOut,
        ]
        self = known.first { $0.number == number } ?? (number > 128 ? .signal(number - 128) : .notAllWell)
    }
}
