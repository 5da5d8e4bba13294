import Configuration
import ConsoleText
import Fleet
import Glibc
import NightRuns
import PSRunCommandLine
import PSRunVersion
import Preparation
import Processes
import Recording
import RecordingFormat
import Results
import Sessions
import Sharding
import Targets

/// `psrun PLAYBOOK …`
enum RunCommand {
    /// Runs the playbook against every target, and tells what came of it.
    /// - Parameters:
    ///   - kept: the options that are recorded.
    ///   - past: what a recorded run gives to this one.
    /// - Returns: the program's exit code.
    static func run(
        _ invocation: RunInvocation,
        _ settings: HostSettings = .none,
        kept: KeptOptions,
        environment: [String: String],
        past: RecordedSource? = nil
    ) async -> Int32 {
        guard invocation.cron, !invocation.dryRun else {
            return await run(invocation, settings, kept, environment, past, night: nil)
        }
        return await NightRun.run(invocation, environment, complain: Complaint.write) { night in
            await run(invocation, settings, kept, environment, past, night: night)
        }
    }

    private static func run(
        _ invocation: RunInvocation,
        _ settings: HostSettings,
        _ kept: KeptOptions,
        _ environment: [String: String],
        _ past: RecordedSource?,
        night: NightRun?
    ) async -> Int32 {
        await prepared(invocation, settings, environment, past, night: night) {
            (prepared, output, mask) throws(CommandFailure) in
            try night?.lock(prepared)
            do throws(RecordingError) {
                try await invocation.seal.tryOut(environment: environment, within: invocation.limits.run)
            } catch {
                throw CommandFailure(.usage, error.message)
            }
            // Nothing answers a dry run.
            for word in prepared.wordsOnTargets.prefix(invocation.dryRun ? 1 : 2) { output.complain(word) }
            for remark in prepared.remarksOnTargets + prepared.remarksOnPlaybook { output.remark(remark) }
            if invocation.dryRun {
                DryRun.show(prepared, on: output, mask: mask)
                let faults = await prepared.faultsOverWinRM(version: Version.current, mask: mask)
                for fault in faults { output.complain(fault) }
                let isWhole = await output.finish()
                let code: ExitCode = isWhole ? (faults.isEmpty ? .allWell : .unreachable) : .notAllWell
                return output.format == .nagios ? ExitCode.recordingLost.number : code.number
            }
            prepared.answerNotices.tell { output.remark($0) }
            let plan = prepared.plan(columns: output.columns, version: Version.current, kept: kept)
            let run = CommandLineRun(output, exitFromSession: invocation.exitFromSession, night: night)
            let verdict = try await run.run(plan, mask: mask)
            let exitCode = await end(verdict, of: prepared, run, plan, output, mask, isNight: night != nil)
            await night?.report(verdict, prepared, exitCode: exitCode, mask: mask) {
                Result { () throws(RecordingError) in
                    try MaskFile.masks(for: DiffInvocation(run: "last"), environment: environment)
                }
            }
            return exitCode
        }
    }

    /// Checks what was asked for, before anything connects, and does something with it.
    /// - Returns: the program's exit code: the body's, or that of the failure, which is told.
    static func prepared(
        _ invocation: RunInvocation,
        _ settings: HostSettings,
        _ environment: [String: String],
        _ past: RecordedSource? = nil,
        night: NightRun? = nil,
        _ body: (PreparedRun, RunOutput, SecretMask) async throws(CommandFailure) -> Int32
    ) async -> Int32 {
        var mask = SecretMask()
        do throws(CommandFailure) {
            mask = SecretMask(patterns: try PreparedRun.redactions(invocation.redactions))
            let prepared = try await InTime.run(invocation.limits.run) { [mask] () throws(CommandFailure) in
                try PreparedRun(invocation, settings, environment: environment, mask: mask, past: past)
            }
            let output = try RunOutput(
                invocation,
                playbook: prepared.playbook,
                named: prepared.playbookName,
                targets: prepared.targets.count,
                environment: environment,
                mask: mask,
                night: night
            )
            let isDry = invocation.dryRun
            // A run tells of it by itself, once.
            try await prepared.checkWayIn { if isDry { output.remark($0) } }
            return try await body(prepared, output, mask)
        } catch {
            let message = mask.masked(settings.explaining(error.message))
            return Complaint.end(message, error.code, isPlugin: invocation.output.format == .nagios)
        }
    }

    /// Tells what came of a run.
    private static func end(
        _ verdict: RunVerdict,
        of prepared: PreparedRun,
        _ run: CommandLineRun,
        _ plan: RunPlan,
        _ output: RunOutput,
        _ mask: SecretMask,
        isNight: Bool
    ) async -> Int32 {
        let exitCode = run.exitCode(of: verdict)
        for unused in prepared.answerNotices.unused { output.remark(unused) }
        // The run's own name is psrun's; a user named the folders that it is in.
        let name = verdict.folder.map { String($0.split(separator: "/").last ?? "") }
        func record(_ exitCode: Int32) -> RunRecord {
            RunRecord(
                run: name,
                playbook: mask.masked(prepared.invocation.playbook.name),
                recording: name.flatMap { name in
                    verdict.folder.map { mask.masked(String($0.dropLast(name.count))) + name }
                },
                exitCode: exitCode,
                startedSeconds: prepared.startedSeconds,
                durationMicroseconds: verdict.duration.microseconds,
                shard: prepared.division.shard.map { ($0.index, $0.count) }
            )
        }
        let isMeasured = output.publishMetrics(of: record(exitCode))
        let finalCode = isMeasured || exitCode != 0 ? exitCode : ExitCode.notAllWell.number
        let told = record(finalCode)
        output.report(told)
        let isWhole = await run.finish(plan, isLate: verdict.counts[.timedOut] != nil) {
            if !isNight { output.tellSummary(of: told, folder: prepared.namedRecordings) }
        }
        return output.ending(isWhole || finalCode != 0 ? finalCode : ExitCode.notAllWell.number)
    }
}

/// A word on standard error, before there is a run.
enum Complaint {
    static func write(_ message: String) {
        _ = ThisProcess.write("psrun: \(TerminalText.presentable(message, colored: false))\n", to: STDERR_FILENO)
    }

    /// - Parameter isPlugin: whether a monitoring server reads it, which wants one line on standard output.
    /// - Returns: the exit code.
    static func end(_ message: String, _ code: ExitCode, isPlugin: Bool) -> Int32 {
        guard isPlugin else {
            write(message)
            return code.number
        }
        let line = PluginFailure.line(message)
        _ = ThisProcess.write(line.text, to: STDOUT_FILENO)
        return line.exitCode
    }
}
