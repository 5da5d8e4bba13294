package import Configuration
import EventLoops
import Files
import Fleet
import Glibc
import KeptSessions
package import PSRunCommandLine
import Preparation
import Processes
import RecordingFormat
import Reports
package import SessionBroker
import Sessions
import Targets
import Terminals

/// `psrun session open`, `list` and `close`
package enum SessionCommand {
    /// - Parameters:
    ///   - words: of the command line; whatever carries the session reads them once more.
    ///   - show: writes to standard output.
    ///   - say: says a sentence on standard error.
    /// - Returns: the program's exit code.
    package static func run(
        _ invocation: SessionInvocation,
        _ words: [String],
        environment: [String: String],
        show: (String) -> Void,
        say: @escaping @Sendable (String) -> Void
    ) async -> Int32 {
        let person = isatty(STDIN_FILENO) != 0 ? PersonAtTerminal() : nil
        let work = Task { await perform(invocation, words, person, environment: environment, say: say) }
        // What was not listened for would end the process at once, with the terminal as a question left it.
        try? SignalWatch.ofThisProcess.listen(
            onFirst: { work.cancel() },
            onSecond: { person?.restore() }
        )
        let (shown, code) = await work.value
        person?.restore()
        guard let signal = SignalWatch.ofThisProcess.received, shown == nil else {
            if let shown { show(shown) }
            return code
        }
        say(interrupted(invocation))
        return 128 + signal
    }

    private static func interrupted(_ invocation: SessionInvocation) -> String {
        switch invocation {
        case .open: "interrupted: the session was not opened, and what was begun of it ends"
        case .list: "interrupted: the broker was not waited for"
        case .close: "interrupted: the end was not waited for; `psrun session list` tells what is open"
        }
    }

    /// - Returns: what is to be shown, nil where that did not come about, and the exit code.
    private static func perform(
        _ invocation: SessionInvocation,
        _ words: [String],
        _ person: PersonAtTerminal?,
        environment: [String: String],
        say: @escaping @Sendable (String) -> Void
    ) async -> (shown: String?, code: Int32) {
        do {
            let place = try BrokerPlace.ofThisUser(environment: environment)
            let group = try LoopGroup(count: 1)
            let broker = BrokerClient(place, loop: group.loops[0]) { say($0) }
            let shown: String
            switch invocation {
            case .open(let name, let run, let format):
                // Files are named from there, and a session on this computer begins there.
                guard let folder = FilePaths.workingFolder else { throw CommandFailure.noWorkingFolder }
                let session = try await broker.open(
                    name,
                    words: words,
                    folder: folder,
                    environment: ProcessEnvironment.lines,
                    within: run.connectingTimeout,
                    ask: question(to: person)
                )
                shown = text(of: [session], as: format)
            case .list(let format, let limit): shown = text(of: try await broker.sessions(within: limit), as: format)
            case .close(let option, let limit):
                _ = try await broker.close(option?.choice, within: limit)
                shown = ""
            }
            await group.close()
            return (shown, ExitCode.allWell.number)
        } catch let error as BrokerError {
            say(error.message)
            return (nil, Int32(error.exitCode))
        } catch let error as CommandFailure {
            say(error.message)
            return (nil, error.code.number)
        } catch is CancellationError {
            // A signal: it is told once.
        } catch let error as KeptSessionError {
            say(error.message)
        } catch let error as NoDescriptor {
            say("cannot begin: \(error.reason). \(error.cure)")
        } catch {
            say("\(error)")
        }
        return (nil, ExitCode.notAllWell.number)
    }

    private static func text(of sessions: [KeptSession], as format: ProcessesInvocation.Format) -> String {
        let list = SessionList(sessions)
        return format == .json ? String(decoding: list.json.indented, as: UTF8.self) : list.text
    }

    private static func question(
        to person: PersonAtTerminal?
    ) -> (@Sendable (String, _ isSecret: Bool) async -> String?)? {
        guard let person else { return nil }
        return { text, isSecret in
            await person.ask(text, isSecret ? .secret : .line, isOver: { SignalWatch.ofThisProcess.received != nil })
        }
    }

    /// Carries a session for the broker, whose socket is standard input.
    package static func carry(
        _ run: RunInvocation,
        _ settings: HostSettings,
        of line: CarriedLine,
        version: String
    ) async -> Int32 {
        let environment = ThisProcess.environment
        let socket = FileDescriptor(owning: dup(STDIN_FILENO))
        guard let carrier = try? SessionCarrier(socket, hasPerson: line.hasPerson, spent: line.spent) else {
            return ExitCode.notAllWell.number
        }
        let mask = SecretMask()
        do throws(CommandFailure) {
            let prepared = try PreparedRun(run, settings, environment: environment, mask: mask)
            await carrier.run(prepared.plan(columns: 120, version: version), mask: mask)
            return ExitCode.allWell.number
        } catch {
            await carrier.refuse(mask.masked(settings.explaining(error.message)), exitCode: error.code.number)
            return error.code.number
        }
    }
}
