import ConsoleText
import Fleet
import PSRP
import PSRunCommandLine
import Recording
import RecordingFormat
import Sessions
import Synchronization

/// Watches one target's session: its recording first, then what is shown of it.
final class TargetWatcher: SessionObserver {
    private struct State {
        /// What several targets' consoles would have shown so far.
        var transcript = ""
        var isTranscriptCut = false
        /// The end of what the console would have shown, for a person who is asked about it.
        var recent = ""
        var gate: RedactionGate
        /// Whether the far side may have left a colour on.
        var isColored = false
        var isAtLineStart = true
        /// Lines before PSRP began.
        var noiseCount = 0

        init(mask: SecretMask) {
            gate = RedactionGate(mask: mask)
        }

        mutating func keep(_ text: String, within limit: Int) {
            guard !isTranscriptCut else { return }
            isTranscriptCut = transcript.utf8.count + text.utf8.count > limit
            let note = "\n[psrun: more than \(limit >> 20) MiB; the recording has all of it]\n"
            transcript += isTranscriptCut ? note : text
        }
    }

    /// So many lines of noise are shown; the recording has them all.
    private static let shownNoise = 5
    /// How much of the consoles of several targets is kept to be shown.
    private static let transcriptBytes = 16 << 20
    /// How much of it is shown again to a person who is asked.
    private static let recentCharacters = 400

    private let target: RunTarget
    private let index: Int
    private let output: RunOutput
    private let recording: SessionRecording?
    private let control: RunControl
    private let person: PersonAtTerminal?
    private let mask: SecretMask
    private let state: Mutex<State>

    init(
        _ target: RunTarget,
        index: Int,
        output: RunOutput,
        recording: SessionRecording?,
        control: RunControl,
        person: PersonAtTerminal?,
        mask: SecretMask
    ) {
        self.target = target
        self.index = index
        self.output = output
        self.recording = recording
        self.control = control
        self.person = person
        self.mask = mask
        state = Mutex(State(mask: mask))
    }

    func observe(_ event: SessionEvent, at moment: RunMoment) async {
        if case .secret(let text) = event { return mask.add(fromFarSide: text) }
        if output.isScreen, let text = event.consoleText { show(text, of: event) }
        pass(RecordedItem.items(of: event, at: moment), settles: event.endsText)
        if let recording { await secure(event, recording.recorder) }
        await output.waitForRoom()
        switch event {
        case .noise(let line): remark(noise: mask.masked(line))
        case .opened: output.detail("\(target.name): open after \(moment.elapsed.microseconds) us")
        case .finished(let result): finish(result.masked(by: mask))
        default: break
        }
    }

    func observe(diagnostics: String, at moment: RunMoment) async {
        pass([RecordedItem.item(ofDiagnostics: diagnostics, at: moment)], settles: false)
        await recording?.recorder.waitForRoom()
        await output.waitForRoom()
    }

    /// Lets out what has waited for long enough; to be called several times a second.
    func beat(at now: RunMoment) {
        if state.withLock({ $0.gate.isDue(at: now) }) { pass([], settles: true) }
    }

    /// Takes events in, and writes down and keeps what their turn has come for.
    private func pass(_ items: [RecordedItem], settles: Bool) {
        state.withLock { state in
            for (item, data) in state.gate.pass(items, settles: settles) {
                recording?.record(item, data)
                switch item.content {
                case .text(_, _) where item.code == .output: keep(data, in: &state)
                case .text(RecordedLead.diagnostics, _): remark(diagnostics: data)
                default: break
                }
            }
        }
        for notice in mask.takeNotices() { output.remark(notice) }
    }

    /// Keeps what several targets' consoles would have shown, or writes it where it goes.
    private func keep(_ text: String, in state: inout State) {
        if person != nil { state.recent = String((state.recent + text).suffix(Self.recentCharacters)) }
        guard output.format == .text, !output.isScreen else { return }
        if output.isLive { output.show(text) } else { state.keep(text, within: Self.transcriptBytes) }
    }

    private func remark(diagnostics: String) {
        for line in diagnostics.dropFirst(RecordedLead.diagnostics.count).split(whereSeparator: \.isNewline) {
            output.remark("\(target.name): the far side says on standard error: \(line)")
        }
    }

    private func remark(noise line: String) {
        let count = state.withLock { state in
            state.noiseCount += 1
            return state.noiseCount
        }
        if count <= Self.shownNoise {
            output.remark("\(target.name): before PSRP began, the far side said: \(line)")
        } else if count == Self.shownNoise + 1 {
            output.remark("\(target.name): it says more that is no PSRP, which is not shown here")
        }
    }

    func observe(trace line: String, at moment: RunMoment) {
        output.complain("\(target.name): \(moment.elapsed.microseconds) us \(line)")
    }

    func ask(_ question: Question) async -> String? {
        pass([], settles: true)
        // A session that is not shown as it goes on has not shown its question yet.
        let heading = output.isScreen && output.isAtTerminal ? "" : "\n\(target.name): \(state.withLock { $0.recent })"
        let answer = await person?.ask(TerminalText.presentable(heading, colored: false), question.kind) { [control] in
            control.stopReason != nil
        }
        if question.kind == .secret, let answer { mask.add(answer) }
        return answer
    }

    /// A step is shown as finished only when it is on disk.
    private func secure(_ event: SessionEvent, _ recorder: RunRecorder) async {
        switch event {
        case .stepEnded(let result) where result.outcome != .notSent: try? await recorder.commit()
        case .finished:
            recorder.finish(index)
            try? await recorder.commit()
        default: await recorder.waitForRoom()
        }
    }

    /// Shows the session as it goes on, as a real client does: what the far side tells there was its to tell.
    private func show(_ text: String, of event: SessionEvent) {
        if case .typed(_, isOnScreen: true) = event, output.isAtTerminal { return }
        guard !text.isEmpty else { return }
        state.withLock { state in
            state.isColored = state.isColored || text.holdsEscape
            state.isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
        }
        output.show(text)
    }

    private func finish(_ result: TargetResult) {
        output.report(result, at: index)
        if output.format == .text {
            if output.isLive {
                closeLine()
            } else {
                output.print("=== \(result.target): \(RecordedOutcome(result.outcome).rawValue)\n")
                let transcript = state.withLock { $0.transcript }
                output.show(transcript.isEmpty || transcript.hasSuffix("\n") ? transcript : transcript + "\n")
                // What follows is another target's, or psrun's own.
                if output.colored, transcript.holdsEscape { output.print("\u{1B}[0m") }
            }
        }
        if let failure = result.failure { output.complain(failure.message) }
        output.detail("\(target.name): \(Self.phases(of: result))")
    }

    /// Leaves a terminal with its own colours and at the beginning of a line.
    private func closeLine() {
        guard output.isAtTerminal else { return }
        let (isColored, isAtLineStart) = state.withLock { ($0.isColored, $0.isAtLineStart) }
        if isColored, output.colored { output.print("\u{1B}[0m") }
        if !isAtLineStart { output.print("\n") }
    }

    private static func phases(of result: TargetResult) -> String {
        let phases = PhaseNames.all.compactMap { phase in
            result.phasesMicroseconds[phase].map { "\(phase) \($0) us" }
        }
        return (phases + ["all \(result.durationMicroseconds) us"]).joined(separator: ", ")
    }
}

extension SessionEvent {
    /// Whether what the console shows next goes on with nothing before.
    fileprivate var endsText: Bool {
        switch self {
        case .stepEnded, .finished, .question: true
        default: false
        }
    }
}
