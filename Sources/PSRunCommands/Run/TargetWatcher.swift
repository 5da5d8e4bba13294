import Fleet
import PSRP
import PSRunCommandLine
import Recording
import Sessions
import Synchronization

/// Watches one target's session: its recording first, then what is shown of it.
final class TargetWatcher: SessionObserver {
    private struct State {
        /// What several targets' consoles would have shown so far.
        var transcript = ""
        var isTranscriptCut = false
        /// The end of the console's text that may begin a secret.
        var held: [UInt8] = []
        /// Whether the far side may have left a colour on.
        var isColored = false
        var isAtLineStart = true
        /// Lines before PSRP began.
        var noiseCount = 0

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

    private let target: RunTarget
    private let index: Int
    private let output: RunOutput
    private let recording: SessionRecording?
    private let control: RunControl
    private let person: PersonAtTerminal?
    private let mask: SecretMask
    private let state = Mutex(State())

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
    }

    func observe(_ event: SessionEvent, at moment: RunMoment) async {
        let text = maskedText(of: event)
        if let recording {
            if !text.isEmpty { recording.record(console: text, at: moment) }
            recording.record(event, at: moment)
            await secure(event, recording.recorder)
        }
        switch event {
        case .typed(_, isOnScreen: true) where output.isLive && output.isAtTerminal: break
        default: await show(output.isScreen ? event.consoleText ?? "" : text)
        }
        switch event {
        case .noise(let line): remark(noise: mask.masked(line))
        case .opened: output.detail("\(target.name): open after \(moment.elapsed.microseconds) us")
        case .finished(let result): finish(result.masked(by: mask))
        default: break
        }
    }

    func observe(diagnostics: String, at moment: RunMoment) async {
        recording?.record(diagnostics: diagnostics, at: moment)
        for line in mask.masked(diagnostics).split(whereSeparator: \.isNewline) {
            output.remark("\(target.name): the far side says on standard error: \(line)")
        }
        await recording?.recorder.waitForRoom()
        await output.waitForRoom()
    }

    /// What is kept of the console's text. A secret may come in pieces, so that what might begin one waits for what
    /// follows it, at most until the step ends.
    private func maskedText(of event: SessionEvent) -> String {
        state.withLock { state in
            let text = event.consoleText.map { mask.masked($0, after: &state.held) } ?? ""
            switch event {
            case .stepBegan, .input, .typed, .stepEnded, .question, .finished:
                defer { state.held = [] }
                return text + String(decoding: state.held, as: UTF8.self)
            default: return text
            }
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
        output.complain(mask.masked("\(target.name): \(moment.elapsed.microseconds) us \(line)"))
    }

    func ask(_ question: Question) async -> String? {
        // A session that is not shown as it goes on has not shown its question yet.
        let heading = output.isLive ? "" : "\n\(target.name): \(state.withLock { $0.transcript.suffix(400) })"
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

    private func show(_ text: String) async {
        guard output.format == .text, !text.isEmpty else { return }
        if output.isLive {
            state.withLock { state in
                state.isColored = state.isColored || text.utf8.contains(0x1B)
                state.isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
            }
            output.show(text)
            await output.waitForRoom()
        } else {
            state.withLock { $0.keep(text, within: Self.transcriptBytes) }
        }
    }

    private func finish(_ result: TargetResult) {
        output.report(result, at: index)
        if output.format == .text {
            if output.isLive {
                closeLine()
            } else {
                output.print("=== \(target.name): \(result.outcome.rawValue)\n")
                let transcript = state.withLock { $0.transcript }
                output.show(transcript.isEmpty || transcript.hasSuffix("\n") ? transcript : transcript + "\n")
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
        let phases = ConnectionPhase.allCases.compactMap { phase in
            result.phasesMicroseconds[phase].map { "\(phase.rawValue) \($0) us" }
        }
        return (phases + ["all \(result.durationMicroseconds) us"]).joined(separator: ", ")
    }
}

extension TargetResult {
    fileprivate func masked(by mask: SecretMask) -> TargetResult {
        var result = self
        result.failure?.message = mask.masked(failure?.message ?? "")
        for index in steps.indices {
            result.steps[index].text = mask.masked(steps[index].text)
            result.steps[index].output = mask.masked(steps[index].output)
        }
        return result
    }
}
