import ConsoleText
package import Fleet
import PSRunCommandLine
package import Playbooks
import RecordingFormat
import Reports
package import Sessions
import Synchronization
package import Threads

/// Shows one target's session: as it goes on where the run has no other, else when it is over.
package final class TargetConsole: TargetScreen {
    private struct State {
        /// What several targets' consoles would have shown so far.
        var transcript: Transcript
        /// The records of its steps, for the formats that machines read, with commas between.
        var steps: SpooledBytes
        /// The end of what the console would have shown, for a person who is asked about it.
        var recent = ""
        /// The style that the far side has left on.
        var style = CarriedStyle()
        var isAtLineStart = true
        /// Lines before PSRP began.
        var noiseCount = 0
        /// Texts that programs wrote past the session.
        var foreignCount = 0
        /// The first steps that are not ok, and how many there are.
        var stepsNotOK: [StepInBrief] = []
        var stepsNotOKCount = 0
    }

    /// So many lines of noise are shown; the recording has them all.
    private static let shownNoise = 5
    /// So many texts from past the session are shown; the recording has them all.
    private static let shownForeign = 50
    /// So many steps that are not ok are told of a session that is shown as it goes on; the recording has them all.
    private static let shownSteps = 20
    /// How much of it is shown again to a person who is asked.
    private static let recentCharacters = 400

    private let name: String
    private let index: Int
    private let output: RunOutput
    private let asksPerson: Bool
    private let blocks: BlocksOfTargets?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - asksPerson: whether a person may be asked, and has to see what is asked about.
    ///   - blocks: what takes the session's blocks, where they are all that is wanted of it.
    package init(
        _ target: RunTarget,
        at index: Int,
        output: RunOutput,
        asksPerson: Bool,
        blocks: BlocksOfTargets? = nil
    ) {
        self.blocks = blocks
        name = target.name
        self.index = index
        self.output = output
        self.asksPerson = asksPerson
        state = Mutex(
            State(
                transcript: Transcript(output.spool, colored: output.colored),
                steps: SpooledBytes(output.spool)
            )
        )
    }

    /// Shows the session as it goes on, as a real client does: what the far side tells there was its to tell.
    package func show(_ event: SessionEvent) {
        guard output.isScreen, let text = event.consoleText, !text.isEmpty else { return }
        if case .typed(_, isOnScreen: true) = event, output.isAtTerminal { return }
        state.withLock { state in
            state.isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
            output.show(text, in: &state.style)
        }
    }

    /// Keeps what several targets' consoles would have shown, or writes it where it goes.
    package func keep(_ text: String) {
        if asksPerson { state.withLock { $0.recent = String(($0.recent + text).suffix(Self.recentCharacters)) } }
        guard output.format == .text, !output.isScreen else { return }
        if output.isLive {
            state.withLock { output.show(text, in: &$0.style) }
        } else {
            state.withLock { $0.transcript.append(text) }
        }
    }

    package func tell(diagnostics text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            output.remark("\(name): the far side wrote to standard error: \(line)")
        }
    }

    package func tell(banner text: String) {
        for line in text.split(whereSeparator: \.isNewline) { output.detail("\(name): banner: \(line)") }
    }

    package func tell(noise line: String) {
        tellSome(
            "before PSRP began, the far side wrote: \(line)",
            most: Self.shownNoise,
            counting: \.noiseCount,
            rest: "it wrote more that is not PSRP; the rest is not shown here"
        )
    }

    package func tell(foreign text: String) {
        tellSome(
            "written past the session by a program there: \(text)",
            most: Self.shownForeign,
            counting: \.foreignCount,
            rest: "more was written past the session; the rest is not shown here"
        )
    }

    /// Tells the first few of a kind, and once that there are more.
    private func tellSome(
        _ text: String,
        most: Int,
        counting count: any WritableKeyPath<State, Int> & Sendable,
        rest: String
    ) {
        let number = state.withLock { state in
            state[keyPath: count] += 1
            return state[keyPath: count]
        }
        if number <= most {
            output.remark("\(name): \(text)")
        } else if number == most + 1 {
            output.remark("\(name): \(rest)")
        }
    }

    package func tell(trace line: String, at moment: RunMoment) {
        output.complain("\(name): \(moment.elapsed.microseconds) us \(line)")
    }

    package func tell(_ cutter: BlockCutter, _ blocks: [PlaybookBlock]) {
        self.blocks?.take(blocks, cutBy: cutter, at: index)
        output.detail("\(name): blocks end \(cutter.text)")
    }

    /// Says which step is not ok: at once where the session is shown as it goes on, else with the target's end.
    package func tell(step result: StepResult) {
        guard blocks == nil, result.outcome != .ok, result.outcome != .notSent, !result.wasAlreadyFalse else { return }
        let number = state.withLock { state in
            state.stepsNotOKCount += 1
            return state.stepsNotOKCount
        }
        guard number <= (output.isLive ? Self.shownSteps : TargetInBrief.mostSteps) else {
            if output.isLive, number == Self.shownSteps + 1 {
                output.complain("\(name): more steps are not ok; the rest are not told here")
            }
            return
        }
        let step = StepInBrief(StepRecord(output.inBrief(result), output: .plain))
        if number <= TargetInBrief.mostSteps { state.withLock { $0.stepsNotOK.append(step) } }
        if output.isLive, !step.isToldWithSession {
            beginLine()
            output.complain("\(name): \(step.line)")
        }
    }

    package func tell(remark text: String) {
        output.remark("\(name): \(text)")
    }

    package func opened(at moment: RunMoment) {
        output.detail("\(name): open after \(moment.elapsed.microseconds) us")
    }

    package var heading: String {
        // A session that is not shown as it goes on has not shown its question yet.
        let heading = output.isScreen && output.isAtTerminal ? "" : "\n\(name): \(state.withLock { $0.recent })"
        return TerminalText.presentable(heading, colored: false)
    }

    package func waitForRoom(_ patience: Patience) async {
        await output.waitForRoom(patience)
    }

    package var keepsSteps: Bool { output.format != .text && blocks == nil }

    package func keep(_ step: StepResult) {
        let record = output.record(of: step)
        state.withLock { state in
            if !state.steps.isEmpty { state.steps.append(CollectionOfOne(UInt8(ascii: ","))) }
            state.steps.append(record)
        }
    }

    package func finish(_ result: TargetResult) {
        if let blocks {
            blocks.finish(result, of: name, at: index)
            if let failure = result.failure { output.complain(failure.message) }
            return
        }
        output.report(result, steps: state.withLock { $0.steps }, at: index)
        let record = TargetRecord(result, output: .none)
        let (steps, count) = state.withLock { ($0.stepsNotOK, $0.stepsNotOKCount) }
        let target = TargetInBrief(name: result.target, record, steps: steps, stepsNotOK: count)
        output.note(target, at: index)
        if output.isLive {
            if output.format == .text { beginLine() }
            // Whoever keeps the results has the reasons too.
            if output.format == .text, output.isFile, !target.isWell {
                output.tell(own: "psrun: \(target.heading)")
                showReasons(of: target)
            }
            tellEnd(record)
        } else {
            if output.format == .text { showTranscript(of: target) }
            output.summarize(target, at: index)
        }
        output.detail("\(name): \(Self.phases(of: result))")
    }

    /// Says how the only session ended, where its console does not.
    private func tellEnd(_ result: TargetRecord) {
        let isWell = result.isWell
        if let message = result.failure?.message { output.complain(message) }
        guard let lines = result.linesNotSent, lines > 0 else { return }
        let words = "\(name): \(LineCount.text(lines)) \(lines == 1 ? "was" : "were") not sent"
        if isWell { output.remark(words) } else { output.complain(words) }
    }

    /// Shows a target's whole session, and behind it why it is not well.
    private func showTranscript(of target: TargetInBrief) {
        let heading = TerminalText.presentable("=== \(target.heading)", colored: false) + "\n"
        let (source, holdsEscape) = state.withLock { ($0.transcript.source(), $0.transcript.holdsEscape) }
        // What follows is another target's, or psrun's own.
        output.print(heading, then: source, then: output.colored && holdsEscape ? "\u{1B}[0m" : "")
        showReasons(of: target)
    }

    private func showReasons(of target: TargetInBrief) {
        for reason in target.reasons { output.tell(own: "psrun: \(reason.indentingFurtherLines)") }
    }

    /// Ends a line of the session's that a terminal has begun, so that a word of psrun's own does not stand in it.
    private func beginLine() {
        guard output.isAtTerminal, output.format == .text else { return }
        let isAtLineStart = state.withLock { state in
            defer { state.isAtLineStart = true }
            return state.isAtLineStart
        }
        if !isAtLineStart { output.print("\n") }
    }

    private static func phases(of result: TargetResult) -> String {
        let phases = PhaseNames.of(result.phasesMicroseconds).compactMap { phase in
            result.phasesMicroseconds[phase].map { "\(phase) \($0) us" }
        }
        return (phases + ["all \(result.durationMicroseconds) us"]).joined(separator: ", ")
    }
}
