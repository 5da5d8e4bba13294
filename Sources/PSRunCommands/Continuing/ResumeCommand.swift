import Configuration
import NodeSets
import PSRunCommandLine
import PastRuns
import Preparation
import Recording
import RecordingFormat
import Reports
import Resuming
import Threads

/// `psrun resume RUN`: what provably did not run.
enum ResumeCommand {
    static func run(
        _ invocation: ResumeInvocation,
        _ settings: HostSettings,
        console: VerbConsole
    ) async -> Int32 {
        let prepared: Result<(PastRunInUse, ResumePlan), CommandFailure> = await onOwnThread {
            Result { () throws(CommandFailure) in try prepare(invocation, console) }
        }
        do throws(CommandFailure) {
            let (run, plan) = try prepared.get()
            let report = ResumeReport(plan, run.past.sessions)
            if invocation.dryRun {
                let isText = run.invocation.output.format == .text
                _ = console.write(isText ? report.text : String(decoding: report.json.compact, as: UTF8.self) + "\n")
                return console.ending(ExitCode.allWell.number)
            }
            guard plan.hasWork else {
                console.say(report.ending)
                return (plan.targets.isEmpty ? ExitCode.allWell : .notAllWell).number
            }
            let previous = PreviousRun(run: run.past.run.name, manifestHash: run.past.manifestHash)
            let source = try run.source(
                plan.targets.map { ($0.name, $0.place) },
                continued: ContinuedRun(run: previous, starts: plan.targets.map(\.start))
            )
            if run.invocation.verbosity != .quiet {
                console.say([run.wordOnChange].compactMap(\.self) + report.beginning)
            }
            return await run.past.whileHeld {
                await RunCommand.run(
                    run.request,
                    settings.ofAllVerbs,
                    kept: run.kept,
                    environment: console.environment,
                    past: source
                )
            }
        } catch {
            console.say([error.message])
            return error.code.number
        }
    }

    private static func prepare(
        _ invocation: ResumeInvocation,
        _ console: VerbConsole
    ) throws(CommandFailure) -> (PastRunInUse, ResumePlan) {
        let run = try PastRunInUse(
            invocation.run,
            in: invocation.recordings,
            given: invocation.given,
            locks: !invocation.dryRun,
            environment: console.environment
        ) { console.say([$0]) }
        var plan = ResumePlan(run.past.sessions, of: run.past.run.name)
        do throws(ResumeError) {
            try plan.send(again: invocation.repeatUnknown.flatMap(wishes))
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        return (run, plan)
    }

    /// One value may name several hosts, folded as psrun tells them: `web[03,07]:18`.
    private static func wishes(_ text: String) -> [RepeatWish] {
        let end = text.lastIndex(of: ":").map { text[$0...] } ?? ""
        let line = end.dropFirst().allSatisfy(\.isNumber) ? end : ""
        let hosts = text.dropLast(line.count)
        var reader = NodeSetReader()
        guard hosts.contains(where: { ",[".contains($0) }), !hosts.hasPrefix("["),
            let names = try? reader.read(String(hosts)).names
        else { return [RepeatWish(text)] }
        return names.map { RepeatWish($0 + line) }
    }
}
