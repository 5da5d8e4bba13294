import ConsoleText
import Fleet
import NightRuns
import PSRunCommandLine
import Preparation
import Threads

/// `psrun schedule PLAYBOOK …`: what has cron or systemd run a playbook.
enum ScheduleCommand {
    static func run(_ invocation: ScheduleInvocation, console: VerbConsole) async -> Int32 {
        do throws(CommandFailure) {
            let place = try SchedulePlace.here(called: CommandLine.arguments[0], environment: console.environment)
            let plan = try SchedulePlan(invocation, at: place)
            let prepared = try await InTime.run(invocation.run.limits.run) { () throws(CommandFailure) in
                let mask = SecretMask(patterns: try PreparedRun.redactions(invocation.run.redactions))
                return try PreparedRun(invocation.run, environment: console.environment, mask: mask)
            }
            for word in plan.words + prepared.remarksOnTargets { console.warn("psrun: \(shown(word))") }
            guard invocation.installs else {
                _ = console.write(plan.text)
                return ExitCode.allWell.number
            }
            for line in try await InTime.run(nil, { () throws(CommandFailure) in try ScheduleInstaller.install(plan) })
            {
                _ = console.write("\(shown(line))\n")
            }
            return ExitCode.allWell.number
        } catch {
            console.warn("psrun: \(shown(error.message))")
            return error.code.number
        }
    }

    private static func shown(_ text: String) -> String { TerminalText.presentable(text, colored: false) }
}
