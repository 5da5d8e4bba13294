import Glibc
import PSRunCommandLine
import Sessions

/// The program: one verb, and the exit code that it ends with.
package enum Main {
    /// - Parameter arguments: what follows the program's name.
    /// - Returns: the exit code.
    @MainActor
    package static func run(arguments: [String]) async -> Int32 {
        // What a run holds in memory, passwords among it, is nobody else's to look at.
        ProcessSecrecy.begin()
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try bind(arguments: arguments)
        } catch {
            Complaint.write(error.message)
            return ExitCode.usage.number
        }
        switch invocation {
        case .run(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await RunCommand.run(invocation, environment: ThisProcess.environment)
        case .replay(let invocation): return await ReplayCommand.run(invocation)
        case .follow(let invocation): return await FollowCommand.run(invocation)
        case .list(let invocation): return await ListCommand.run(invocation)
        case .show(let invocation): return await ShowCommand.run(invocation)
        case .search(let invocation): return await SearchCommand.run(invocation)
        case .diff(let invocation): return await DiffCommand.run(invocation)
        case .export(let invocation): return await ExportCommand.run(invocation)
        case .recover(let invocation): return await RecoverCommand.run(invocation)
        case .prune(let invocation): return await PruneCommand.run(invocation)
        case .verify(let invocation): return await VerifyCommand.run(invocation)
        case .prove(let invocation): return await ProveCommand.run(invocation)
        case .endpoint(let invocation): return EndpointCommand.run(invocation)
        case .completions(let invocation): return say(CompletionScript.script(for: invocation.shell))
        case .manual: return say(ManualPage.source(version: Version.current))
        case .help(let invocation): return say(HelpText.text(for: invocation.verb))
        case .version: return say("psrun \(Version.current)\n")
        }
    }

    private static func say(_ text: String) -> Int32 {
        (ThisProcess.write(text, to: STDOUT_FILENO) ? ExitCode.allWell : .notAllWell).number
    }
}
