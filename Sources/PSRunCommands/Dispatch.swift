import Glibc
import PSRunCommandLine
import Processes
import Sessions

/// The program: one verb, and the exit code that it ends with.
package enum Main {
    /// - Parameter arguments: what follows the program's name.
    /// - Returns: the exit code.
    @MainActor
    package static func run(arguments: [String]) async -> Int32 {
        ThisProcess.holdStandardDescriptors()
        // What a run holds in memory, passwords among it, is nobody else's to look at.
        ProcessSecrecy.begin()
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try bind(arguments: arguments)
        } catch {
            Complaint.write(error.message)
            return ExitCode.usage.number
        }
        let console = VerbConsole.ofThisProcess()
        switch invocation {
        case .run(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await RunCommand.run(invocation, environment: ThisProcess.environment)
        case .blocks(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await BlocksCommand.run(invocation, environment: ThisProcess.environment)
        case .replay(let invocation): return console.ending(await ReplayCommand.run(invocation, console: console))
        case .follow(let invocation): return console.ending(await FollowCommand.run(invocation, console: console))
        case .list(let invocation): return console.ending(await ListCommand.run(invocation, console: console))
        case .show(let invocation): return console.ending(await ShowCommand.run(invocation, console: console))
        case .search(let invocation): return console.ending(await SearchCommand.run(invocation, console: console))
        case .diff(let invocation): return console.ending(await DiffCommand.run(invocation, console: console))
        case .export(let invocation): return await ExportCommand.run(invocation, console: console)
        case .recover(let invocation): return console.ending(await RecoverCommand.run(invocation, console: console))
        case .prune(let invocation): return console.ending(await PruneCommand.run(invocation, console: console))
        case .verify(let invocation): return console.ending(await VerifyCommand.run(invocation, console: console))
        case .prove(let invocation): return console.ending(await ProveCommand.run(invocation, console: console))
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
