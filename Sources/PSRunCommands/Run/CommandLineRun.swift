import EventLoops
import Files
import Fleet
import Glibc
import PSRunCommandLine
import Processes
import Sessions
import Terminals

/// A run as the command line asked for it: its signals, its person and its words.
struct CommandLineRun: RunConsole {
    private let output: RunOutput
    private let signals = SignalWatch()
    private let control = RunControl()
    private let person = isatty(STDIN_FILENO) != 0 ? PersonAtTerminal() : nil
    private let takesExitFromSession: Bool
    private let blocks: BlocksOfTargets?

    /// - Parameter blocks: what takes the cut of each target, where that is all that is wanted.
    init(_ output: RunOutput, exitFromSession: Bool, blocks: BlocksOfTargets? = nil) {
        self.output = output
        self.blocks = blocks
        takesExitFromSession = exitFromSession
    }

    /// - Throws: CommandFailure where the system has no descriptors left for a run.
    func run(_ plan: RunPlan, mask: SecretMask) async throws(CommandFailure) -> RunVerdict {
        let run: FleetRun
        do {
            run = try FleetRun(plan, console: self, person: person, mask: mask, control: control)
        } catch {
            throw CommandFailure(.unreachable, "cannot begin the run: \(error.reason). Raise `ulimit -n`.")
        }
        signals.start(
            onFirst: { [control, output] in
                control.stop(.interrupt)
                output.remark("stopping; a second signal ends psrun at once")
            },
            onSecond: { [person] in
                person?.restore()
                LivingProcesses.endAll(within: .milliseconds(500))
            }
        )
        return await run.run()
    }

    var columns: Int { output.columns }

    func screen(of target: RunTarget, at index: Int) -> any TargetScreen {
        TargetConsole(target, at: index, output: output, asksPerson: person != nil, blocks: blocks)
    }

    func complain(_ message: String) { output.complain(message) }

    func remark(_ message: String) { output.remark(message) }

    func sessionsHaveEnded() async -> Int32? {
        await signals.goOnUnlessLeaving()
        // Nobody is asked any longer.
        person?.restore()
        return signals.received
    }

    func exitCode(of verdict: RunVerdict) -> Int32 {
        verdict.exitNumber(fromSession: takesExitFromSession)
    }
}

extension PersonAtTerminal: Person {}
