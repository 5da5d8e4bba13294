import Configuration
import Files
import Glibc
import PSRunCommandLine
import PSRunVersion
import Processes
import SessionBroker
import SessionCommands
import Sessions

/// The program: one verb, and the exit code that it ends with.
package enum Main {
    /// Begins what the command line asks for; returns at once, or when that is done.
    /// - Parameters:
    ///   - arguments: what follows the program's name.
    ///   - end: takes the exit code, on whatever thread.
    package static func start(arguments: [String], end: @escaping @Sendable (Int32) -> Void) {
        ThisProcess.keepLittleMemory()
        ThisProcess.holdStandardDescriptors()
        ThisProcess.keepChildrensEnds()
        // What a run holds in memory, passwords among it, is nobody else's to look at.
        ProcessSecrecy.begin()
        var (arguments, carried) = (arguments, nil as CarriedLine?)
        if let folder = BrokerProcess.folder(arguments) { return end(BrokerProcess.run(folder: folder)) }
        if arguments == [BrokerProcess.carrierVerb] {
            guard let line = CarriedLine(from: STDIN_FILENO) else { return end(ExitCode.notAllWell.number) }
            (arguments, carried) = (line.words, line)
        }
        let line: ReadCommandLine
        do throws(UsageError) {
            line = try readCommandLine(arguments)
        } catch {
            return end(complain(error.message, .usage, arguments, carried))
        }
        if carried == nil, case .whole(let invocation) = line, let status = runAtOnce(invocation) { return end(status) }
        if let lack = SystemRoom.lack {
            return end(complain(lack, .notAllWell, arguments, carried))
        }
        Task { [arguments, carried] in end(await run(line, arguments, carried)) }
    }

    private static func run(
        _ line: ReadCommandLine,
        _ arguments: [String],
        _ carried: CarriedLine?
    ) async -> Int32 {
        switch line {
        case .whole(let invocation): return await run(invocation, .none, arguments, carried)
        case .open(let reading):
            do throws(CommandFailure) {
                let line = try await ConfiguredLine(reading, environment: ThisProcess.environment)
                return await run(line.invocation, line.settings, arguments, carried)
            } catch {
                return complain(error.message, error.code, arguments, carried)
            }
        }
    }

    /// Runs a verb that needs neither threads nor many descriptors; nil for another one.
    private static func runAtOnce(_ invocation: Invocation) -> Int32? {
        switch invocation {
        case .endpoint(let invocation): EndpointCommand.run(invocation)
        case .completions(.script(let shell)): say(CompletionScript.script(for: shell))
        case .completions(.candidates(let candidates)):
            say(CompletionCandidates.text(candidates, environment: ThisProcess.environment))
        case .manual: say(ManualPage.source(version: Version.current))
        case .help(let invocation): say(HelpText.text(for: invocation.verb))
        case .version: say("psrun \(Version.current)\n")
        case .run, .resume, .rerun, .blocks, .targets, .processes, .session, .schedule, .replay, .follow, .list, .show,
            .search,
            .diff, .export, .merge, .recover, .prune, .verify, .prove, .config:
            nil
        }
    }

    private static func run(
        _ invocation: Invocation,
        _ settings: HostSettings,
        _ arguments: [String],
        _ carried: CarriedLine?
    ) async -> Int32 {
        if let carried { return await carry(carried, invocation, settings) }
        // What an interactive replay shows is put away by itself; it starts no process.
        if case .replay = invocation {} else { try? SignalWatch.ofThisProcess.begin() }
        let console = VerbConsole.ofThisProcess()
        switch invocation {
        case .run(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await RunCommand.run(
                invocation,
                settings,
                kept: settings.kept(with: arguments),
                environment: ThisProcess.environment
            )
        case .resume(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await ResumeCommand.run(invocation, settings, console: console)
        case .rerun(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await RerunCommand.run(invocation, settings, console: console)
        case .blocks(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return await BlocksCommand.run(invocation, settings, environment: ThisProcess.environment)
        case .targets(let invocation):
            return console.ending(await TargetsCommand.run(invocation, settings, console: console))
        case .config(let invocation): return console.ending(await ConfigCommand.run(invocation, console: console))
        case .processes(let invocation): return console.ending(await ProcessesCommand.run(invocation, console: console))
        case .session(let invocation):
            ProcessSecrecy.forbidCoreFiles()
            return console.ending(
                await SessionCommand.run(
                    invocation,
                    arguments,
                    environment: console.environment,
                    show: { _ = console.write($0) },
                    say: { console.say([$0]) }
                )
            )
        case .schedule(let invocation): return console.ending(await ScheduleCommand.run(invocation, console: console))
        case .replay(let invocation): return console.ending(await ReplayCommand.run(invocation, console: console))
        case .follow(let invocation): return console.ending(await FollowCommand.run(invocation, console: console))
        case .list(let invocation): return console.ending(await ListCommand.run(invocation, console: console))
        case .show(let invocation): return console.ending(await ShowCommand.run(invocation, console: console))
        case .search(let invocation): return console.ending(await SearchCommand.run(invocation, console: console))
        case .diff(let invocation): return console.ending(await DiffCommand.run(invocation, console: console))
        case .export(let invocation): return await ExportCommand.run(invocation, console: console)
        case .merge(let invocation): return console.ending(await MergeCommand.run(invocation, console: console))
        case .recover(let invocation): return console.ending(await RecoverCommand.run(invocation, console: console))
        case .prune(let invocation): return console.ending(await PruneCommand.run(invocation, console: console))
        case .verify(let invocation): return console.ending(await VerifyCommand.run(invocation, console: console))
        case .prove(let invocation): return console.ending(await ProveCommand.run(invocation, console: console))
        case .endpoint, .completions, .manual, .help, .version: return ExitCode.allWell.number
        }
    }

    /// Carries a session for the broker.
    private static func carry(
        _ carried: CarriedLine,
        _ invocation: Invocation,
        _ settings: HostSettings
    ) async -> Int32 {
        guard case .session(.open(_, let run, _)) = invocation else {
            return complain("A kept session is opened by the words of psrun session open.", .usage, [], carried)
        }
        try? SignalWatch.ofThisProcess.begin()
        ProcessSecrecy.forbidCoreFiles()
        return await SessionCommand.carry(run, settings, of: carried, version: Version.current)
    }

    /// Says why nothing was begun, as whoever reads it wants it said.
    /// - Parameter carried: where the broker asked for it, which passes that on.
    private static func complain(
        _ message: String,
        _ code: ExitCode,
        _ arguments: [String],
        _ carried: CarriedLine?
    ) -> Int32 {
        if let carried {
            carried.refuse(message, exitCode: code.number)
            return code.number
        }
        return Complaint.end(message, code, isPlugin: RunInvocation.Output.isForPlugin(arguments))
    }

    private static func say(_ text: String) -> Int32 {
        (ThisProcess.write(text, to: STDOUT_FILENO) ? ExitCode.allWell : .notAllWell).number
    }
}
