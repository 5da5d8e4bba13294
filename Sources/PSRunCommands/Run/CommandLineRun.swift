import Connections
import EventLoops
import Files
import Fleet
import Glibc
import NightRuns
import PSRunCommandLine
import Processes
import Results
import Sessions
import Terminals
import Threads

/// A run as the command line asked for it: its signals, its person and its words.
struct CommandLineRun: RunConsole {
    private let output: RunOutput
    private let signals = SignalWatch.ofThisProcess
    private let control: RunControl
    private let person: PersonAtTerminal?
    /// The run is one by the clock, which hears of signals by itself.
    private let night: NightRun?
    private let takesExitFromSession: Bool
    private let blocks: BlocksOfTargets?

    /// - Parameters:
    ///   - blocks: what takes the cut of each target, where that is all that is wanted.
    ///   - night: a run by the clock, which asks nobody.
    init(_ output: RunOutput, exitFromSession: Bool, blocks: BlocksOfTargets? = nil, night: NightRun? = nil) {
        self.output = output
        self.blocks = blocks
        self.night = night
        control = night?.control ?? RunControl()
        person = night == nil && isatty(STDIN_FILENO) != 0 ? PersonAtTerminal() : nil
        takesExitFromSession = exitFromSession
    }

    /// - Throws: CommandFailure where the system has no descriptors or threads left for a run.
    func run(_ plan: RunPlan, mask: SecretMask) async throws(CommandFailure) -> RunVerdict {
        let plan = try planned(plan)
        let run: FleetRun
        do {
            if let night { night.begin(targets: plan.targets.count) } else { try watchSignals() }
            let asked = person.map { QuietTerminal(person: $0, output: output) }
            run = try FleetRun(plan, console: self, person: asked, mask: mask, control: control)
        } catch {
            throw CommandFailure(.notAllWell, "cannot begin the run: \(error.reason). \(error.cure)")
        }
        // What these wait for must not wait for a thread.
        for lane in [Lane.names, .keys, .agents, .files] { lane.begin() }
        output.beginProgress()
        return await run.run()
    }

    private func watchSignals() throws(NoDescriptor) {
        try signals.listen(
            onFirst: { [control, output] in
                control.stop(.interrupt)
                output.remark("stopping; a second signal ends psrun at once")
            },
            onSecond: { [person, output] in
                person?.restore()
                output.progress?.leave()
            }
        )
    }

    /// The plan with as many targets at once as there is room for.
    private func planned(_ plan: RunPlan) throws(CommandFailure) -> RunPlan {
        let wanted = min(plan.fanout, plan.targets.count)
        // A shard may have no target.
        guard wanted > 0 else { return plan }
        let possible = SystemRoom.targets(atMost: wanted)
        guard possible > 0 else {
            throw CommandFailure(.notAllWell, "cannot begin the run: \(SystemRoom.lackForTarget)")
        }
        guard possible < wanted else { return plan }
        output.remark(
            "\(possible) targets run at once, not \(wanted): there is no room for more open files (`ulimit -n`)"
        )
        var plan = plan
        plan.fanout = possible
        return plan
    }

    /// Writes out what is left of the results. Whoever reads them is waited for until the run's time is over, or a signal
    /// came; and then for a moment. So is one who let a target's time run out before; and where a target's time ran out anyway,
    /// one who takes nothing for as long as the grace.
    /// - Parameters:
    ///   - isLate: whether a target's time ran out.
    ///   - tellLast: says what stands behind the results.
    /// - Returns: whether all of them reached their place.
    func finish(_ plan: RunPlan, isLate: Bool = false, _ tellLast: () -> Void = {}) async -> Bool {
        let patience = Patience()
        let watch = Task { [signals, output] in
            let limits = plan.session.limits
            func isOver() -> Bool {
                output.hasLostReader || isLate && output.silence > max(limits.grace, .seconds(1))
                    || signals.received != nil
                    || limits.runBy.map { plan.clock.reading.counted >= $0 } == true
            }
            while !Task.isCancelled, !isOver() { try? await Task.sleep(for: .milliseconds(20)) }
            try? await Task.sleep(for: .milliseconds(50))
            if !Task.isCancelled { patience.end() }
        }
        defer { watch.cancel() }
        return await output.finish(patience, tellLast)
    }

    var columns: Int { output.columns }

    func screen(of target: RunTarget, at index: Int) -> any TargetScreen {
        TargetConsole(target, at: index, output: output, asksPerson: person != nil, blocks: blocks)
    }

    func complain(_ message: String) { output.complain(message) }

    func remark(_ message: String) { output.remark(message) }

    func sessionsHaveEnded() async -> Int32? {
        output.endProgress()
        await signals.goOnUnlessLeaving()
        // Nobody is asked any longer.
        person?.restore()
        return signals.received
    }

    func exitCode(of verdict: RunVerdict) -> Int32 {
        verdict.exitNumber(fromSession: takesExitFromSession)
    }
}

/// The person at the terminal, to which nothing else is written while a question stands there.
private struct QuietTerminal: Person {
    let person: PersonAtTerminal
    let output: RunOutput

    func ask(_ text: String, _ kind: Question.Kind, isOver: @escaping @Sendable () -> Bool) async -> String? {
        let question = output.asks(text)
        await output.holdBack(unless: isOver)
        defer {
            output.letGo()
            output.answered(question)
        }
        return await person.ask(text, kind, isOver: isOver) { output.takeOverflow() }
    }
}
