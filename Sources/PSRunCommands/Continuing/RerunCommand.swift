import Configuration
import PSRunCommandLine
import PastRuns
import Preparation
import Recording
import Reports
import Resuming
import Threads

/// `psrun rerun RUN`: a recorded playbook once more, from its beginning.
enum RerunCommand {
    static func run(
        _ invocation: RerunInvocation,
        _ settings: HostSettings,
        console: VerbConsole
    ) async -> Int32 {
        let prepared: Result<PastRunInUse, CommandFailure> = await onOwnThread {
            Result { () throws(CommandFailure) in
                try PastRunInUse(
                    invocation.run,
                    in: invocation.recordings,
                    given: invocation.given,
                    locks: false,
                    environment: console.environment
                ) { console.say([$0]) }
            }
        }
        do throws(CommandFailure) {
            let run = try prepared.get()
            let chosen = run.past.sessions.filter { isWanted($0, invocation) }
            guard !chosen.isEmpty else {
                console.say(["\(run.past.run.name) has no target that is meant: nothing is run"])
                return ExitCode.allWell.number
            }
            let source = try run.source(chosen.map { ($0.target, $0.place) }, continued: nil)
            console.say([run.wordOnChange].compactMap(\.self) + ResumeReport.linesRun(on: chosen))
            var request = run.request
            request.dryRun = invocation.dryRun
            return await RunCommand.run(
                request,
                settings.ofAllVerbs,
                kept: run.kept,
                environment: console.environment,
                past: source
            )
        } catch {
            console.say([error.message])
            return error.code.number
        }
    }

    private static func isWanted(_ facts: SessionFacts, _ invocation: RerunInvocation) -> Bool {
        guard invocation.failed || invocation.unreachable else { return true }
        if facts.isUnreachable { return invocation.unreachable }
        return invocation.failed && !facts.isWell
    }
}
