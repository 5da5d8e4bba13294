import ConsoleText
import Fleet
import Glibc
import PSRP
import PSRunCommandLine
import Recording
import RecordingFormat
import Sessions
import Synchronization

/// `psrun PLAYBOOK …`
enum RunCommand {
    /// Runs the playbook against every target, and tells what came of it.
    /// - Returns: the program's exit code.
    static func run(_ invocation: RunInvocation, environment: [String: String]) async -> Int32 {
        var mask = SecretMask()
        do throws(CommandFailure) {
            mask = SecretMask(patterns: try PreparedRun.redactions(invocation.redactions))
            let prepared = try PreparedRun(invocation, environment: environment, mask: mask)
            let output = try RunOutput(
                invocation,
                targets: prepared.targets.count,
                environment: environment,
                mask: mask
            )
            do throws(RecordingError) {
                try await invocation.seal.tryOutKey(environment: environment)
            } catch {
                throw CommandFailure(.usage, error.message)
            }
            if invocation.dryRun {
                DryRun.show(prepared, on: output, mask: mask)
                return await output.finish() ? ExitCode.allWell.number : ExitCode.notAllWell.number
            }
            return await PlaybookRun(prepared, output, mask).run()
        } catch {
            Complaint.write(mask.masked(error.message))
            return error.code.number
        }
    }
}

/// A word on standard error, before there is a run.
enum Complaint {
    static func write(_ message: String) {
        _ = ThisProcess.write("psrun: \(TerminalText.presentable(message, colored: false))\n", to: STDERR_FILENO)
    }
}
