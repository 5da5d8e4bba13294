import ConsoleText
package import Fleet
import Folding
import Glibc
import PSRunCommandLine
package import Playbooks
import RecordingExport
import RecordingFormat
import Reports
package import Sessions
import Synchronization
package import Threads

/// Shows one target's session: as it goes on where the run has no other, or where that is wished; else its steps are kept
/// for the end of the run.
package final class TargetConsole: TargetScreen {
    private struct State {
        /// Its steps, for the formats that machines read: records with commas between, or test cases.
        var steps: SpooledBytes
        var suite: JUnitSuite
        /// What it is called, also by its own prompt.
        var names: HostNames
        var hasPrompt = false
        var lines = PrefixedLines()
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
    /// Seconds since 1970.
    private let began = Int64(time(nil))
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
                steps: SpooledBytes(output.spool),
                suite: JUnitSuite(className: "\(output.caseClass).\(target.name)", lines: output.caseLines),
                names: HostNames([target.name, target.label, target.computerName, target.address].compactMap(\.self))
            )
        )
        output.progress?.began(index, target.name)
    }

    package func connects(phase: @escaping @Sendable () -> String?) {
        output.progress?.connects(index, phase: phase)
    }

    /// Shows the session as it goes on, as a real client does: what the far side tells there was its to tell.
    package func show(_ event: SessionEvent) {
        note(event)
        guard output.isScreen, let text = event.consoleText, !text.isEmpty else { return }
        if case .typed(_, isOnScreen: true) = event, output.isAtTerminal { return }
        state.withLock { state in
            state.isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
            output.show(text, in: &state.style)
        }
    }

    /// Takes what a folded text and the progress go by.
    private func note(_ event: SessionEvent) {
        switch event {
        case .stepBegan(let line): output.progress?.runs(line: line, index)
        case .prompt(let text) where output.folds != nil:
            state.withLock { state in
                if !state.hasPrompt { state.names.add(prompt: text) }
                state.hasPrompt = true
            }
        default: break
        }
    }

    /// Writes the console's text where it goes.
    package func keep(_ text: String) {
        if asksPerson { state.withLock { $0.recent = String(($0.recent + text).suffix(Self.recentCharacters)) } }
        guard output.format == .text, !output.isScreen, !output.isForNobody else { return }
        if output.isLive {
            state.withLock { output.show(text, in: &$0.style) }
        } else if output.isPrefixed {
            state.withLock { state in
                for line in state.lines.take(text) { output.show(line: line, in: &state.style, of: name) }
            }
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
        if blocks == nil, result.outcome != .notSent { output.count(step: RecordedOutcome(result.outcome)) }
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

    package var keepsSteps: Bool {
        guard blocks == nil else { return false }
        switch output.format {
        case .text: return output.folds != nil
        case .json, .jsonl, .junit: return true
        case .nagios: return false
        }
    }

    package func keep(_ step: StepResult) {
        if let folds = output.folds {
            return folds.add(step, of: name, called: state.withLock { $0.names }, at: index)
        }
        let record = StepRecord(step, output: output.recordedOutput)
        state.withLock { state in
            if output.format == .junit {
                let step = JUnitSuite.Step(record, output: TerminalText.withoutColors(step.output))
                return state.steps.append(state.suite.cases(of: step))
            }
            if !state.steps.isEmpty { state.steps.append(CollectionOfOne(UInt8(ascii: ","))) }
            state.steps.append(record.encoded)
        }
    }

    package func finish(_ result: TargetResult) {
        if let blocks {
            blocks.finish(result, of: name, at: index)
            output.progress?.ended(index, isWell: result.isWell)
            if let failure = result.failure { output.complain(failure.message) }
            return
        }
        output.report(result, steps: state.withLock { $0.steps }, at: index)
        let record = TargetRecord(result, output: .none)
        if output.format == .junit {
            let (suite, cases) = state.withLock { state in
                state.steps.append(state.suite.lastCases(of: record))
                return (state.suite, state.steps)
            }
            output.report(suite, of: record, cases: cases, began: began, at: index)
        }
        let (steps, count, names) = state.withLock { ($0.stepsNotOK, $0.stepsNotOKCount, $0.names) }
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
        } else if output.isPrefixed {
            state.withLock { state in
                for line in state.lines.finish() { output.show(line: line, in: &state.style, of: name) }
            }
        }
        output.summarize(target, record, called: names, at: index)
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
