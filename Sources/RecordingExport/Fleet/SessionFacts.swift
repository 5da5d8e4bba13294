package import RecordingFormat

/// How one target's session of one night ended, and each of its steps: what a grid tells of it.
package struct SessionFacts: Sendable {
    /// One step of a session.
    package struct Step: Sendable {
        /// Where it begins in the playbook, from 1; 0 for the profile.
        package var line: Int64
        /// `line 3`.
        package var title: String
        /// What was sent, its beginning.
        package var text: String
        package var letter: UInt8
        /// nil where it was not measured.
        package var milliseconds: Int32?
    }

    package let target: String
    package private(set) var result = TargetRecord()
    /// Those that were sent, and what followed them; none where nothing was sent.
    package private(set) var steps: [Step] = []
    private var linesNotSent = 0
    private var hasSent = false
    /// The marker of a step without a result so far.
    private var open: String?
    /// Its first error, as it is stored.
    private var error: [UInt8]?
    private var trouble: String?

    package init(target: String) {
        self.target = target
    }

    /// The codes of the events that it needs.
    package static func needs(_ code: RecordedCode) -> Bool {
        switch code {
        case .marker, .error, .step, .exit: true
        default: false
        }
    }

    /// Takes one of the session's lines.
    package mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        guard number > 1, let code = CastLine.code(of: line), Self.needs(code) else { return }
        if code == .error {
            if error == nil { error = Array(line) }
            return
        }
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        switch code {
        case .marker:
            closeOpen()
            open = event.data
            error = nil
            hasSent = true
        case .step: take(StepRecord(parsing: event.data.utf8) ?? StepRecord())
        default: result = TargetRecord(parsing: event.data.utf8) ?? TargetRecord()
        }
    }

    /// After the last line.
    package mutating func finish() {
        closeOpen()
        if !hasSent { steps = [] }
    }

    package var isWell: Bool { result.isWell }
    package var letter: UInt8 { OutcomeLetter.of(result.judgedOutcome) }
    package var milliseconds: Int32? { Self.milliseconds(result.durationMicroseconds) }
    /// `error, exit 1, 1 line not sent`.
    package var ending: String {
        result.ending(counted: linesNotSent).split(separator: "_").joined(separator: " ")
    }

    /// Why it is not well, in a line; nil where it is.
    package var reason: String? {
        guard !isWell else { return nil }
        let code = result.exitCode.flatMap { $0 == 0 ? nil : "the session ended with exit code \($0)" }
        return (result.failure?.message ?? trouble ?? code).map { PageSize.line($0, atMost: PageSize.reason) }
    }

    private mutating func take(_ step: StepRecord) {
        let outcome = step.outcome ?? .unknown
        let line = step.firstLine ?? open.flatMap(Self.line(ofMarker:)) ?? 0
        let title = step.title ?? open ?? StepMarker.text(firstLine: line)
        add(line, title, step.text ?? "", outcome, Self.milliseconds(step.durationMicroseconds))
        if outcome == .notSent { linesNotSent += min(step.lineCount, Int(Int32.max) - linesNotSent) }
        if outcome != .ok, outcome != .notSent, trouble == nil {
            let reason = step.failure?.message ?? message ?? step.remark ?? Self.words(step, outcome)
            trouble = "\(title): \(reason)"
        }
        open = nil
        error = nil
    }

    /// The recording ends before the step's result.
    private mutating func closeOpen() {
        guard let marker = open else { return }
        open = nil
        add(Self.line(ofMarker: marker) ?? 0, marker, "", .unknown, nil)
        if trouble == nil { trouble = "\(marker): unknown" }
    }

    private mutating func add(
        _ line: Int64,
        _ title: String,
        _ text: String,
        _ outcome: RecordedOutcome,
        _ milliseconds: Int32?
    ) {
        guard steps.count < PageSize.steps else { return }
        steps.append(
            Step(
                line: line,
                title: PageSize.line(title, atMost: PageSize.text),
                text: PageSize.line(text, atMost: PageSize.text),
                letter: OutcomeLetter.of(outcome),
                milliseconds: milliseconds
            )
        )
    }

    /// What the step's first error says.
    private var message: String? {
        guard let error, case .event(let event)? = try? CastLine(decoding: error[...], number: 2) else { return nil }
        let message = RecordedText.message(in: event.data)
        return message.isEmpty ? nil : message
    }

    private static func words(_ step: StepRecord, _ outcome: RecordedOutcome) -> String {
        if let code = step.lastExitCode, code != 0 { return "last exit code \(code)" }
        return outcome.rawValue.split(separator: "_").joined(separator: " ")
    }

    private static func line(ofMarker marker: String) -> Int64? {
        marker == StepMarker.text(firstLine: 0) ? 0 : StepMarker.firstLine(in: marker)
    }

    private static func milliseconds(_ microseconds: Int64?) -> Int32? {
        microseconds.map { Int32(clamping: max(0, $0) / 1_000) }
    }
}
