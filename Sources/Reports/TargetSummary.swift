import ConsoleText
package import RecordingFormat

/// What one target's entry says of it: its `X` event, and its steps' `S` events.
package struct TargetSummary {
    private var result = TargetRecord()
    private var steps: [StepRecord] = []
    private var linesNotSent = 0
    /// Of the step under way: the first error, and the first of what its console showed, as the entry has them.
    private var firstError: [UInt8]?
    private var firstShown: [UInt8]?
    /// The first steps that are not ok.
    private(set) var briefs: [StepInBrief] = []
    /// How many steps are not ok. A step that only found `$?` False already is not one more.
    private(set) var stepsNotOK = 0
    package let name: String

    /// - Parameter name: the target's.
    package init(name: String) {
        self.name = name
    }

    /// Takes a line of the entry, as asciicast has it; most of them say nothing of how the target ended.
    /// - Throws: CastError where it is not such a line.
    package mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        switch CastLine.code(of: line) {
        case .marker, .input:
            firstError = nil
            firstShown = nil
        case .error: if firstError == nil { firstError = Array(line) }
        case .output: if firstShown == nil, stepsNotOK < TargetInBrief.mostSteps { try takeShown(line, number) }
        case .exit:
            guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
            result = TargetRecord(parsing: event.data.utf8) ?? result
        case .step:
            guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
            if let step = StepRecord(parsing: event.data.utf8) { try take(step, number) }
        default: break
        }
    }

    private mutating func takeShown(_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) {
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        guard event.data.contains(where: { !$0.isWhitespace }) else { return }
        firstShown = Array(event.data.utf8)
    }

    private mutating func take(_ step: StepRecord, _ number: Int) throws(CastError) {
        steps.append(step)
        guard step.outcome != .notSent else {
            if step.isLeftOut { linesNotSent += min(step.lineCount, Int(Int32.max) - linesNotSent) }
            return
        }
        guard step.outcome != .ok, !step.wasAlreadyFalse else { return }
        stepsNotOK += 1
        guard briefs.count < TargetInBrief.mostSteps else { return }
        var output = firstShown.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if let line = firstError, case .event(let event) = try CastLine(decoding: line[...], number: number) {
            output = RecordedText.message(in: event.data)
        }
        briefs.append(StepInBrief(step, output: TerminalText.withoutColors(output)))
    }

    var json: JSONValue { result.told(as: name, steps: steps).json }

    var isWell: Bool { result.isWell }

    var outcome: String { result.judgedOutcome.rawValue }

    /// `error, 992 ms, exit 1, 1 line not sent`.
    var ending: String {
        var words = result.ending(counted: linesNotSent).split(separator: ", ").map(String.init)
        if let took = result.durationMicroseconds.map(readable) { words.insert(took, at: min(1, words.count)) }
        return words.joined(separator: ", ")
    }

    var message: String? { result.failure?.message }

    /// The first steps that are not ok, without those of which `message` tells.
    var untoldBriefs: [StepInBrief] {
        message == nil ? briefs : briefs.filter { !$0.isTold(by: result.failure?.code) }
    }

    /// What cut the playbook into blocks; nil where it is not known.
    var blocks: String? { result.blocks }

    /// `tcp 2 ms`, and so on.
    var phases: [String] {
        result.phases.map { "\($0.name) \(readable(microseconds: $0.microseconds))" }
    }

    /// `ok     line 3        12 ms  Get-Process`, and so on, in columns. Where nothing was sent, one line says so: what the
    /// blocks would have been is not known.
    var stepLines: [String] {
        guard steps.contains(where: { !$0.isLeftOut }) else {
            let verb = linesNotSent == 1 ? "was" : "were"
            return steps.isEmpty ? [] : ["\(LineCount.text(linesNotSent)) \(verb) not sent"]
        }
        var table = TextTable(rightAligned: [2])
        for step in steps {
            let text = step.text ?? ""
            let shown = text.prefix { $0 != "\n" && $0 != "\r\n" }
            table.add([
                (step.outcome ?? .unknown).rawValue,
                step.title ?? "-",
                step.durationMicroseconds.map(readable) ?? "-",
                String(shown) + (shown.count < text.count ? " …" : "") + (step.remark.map { "  [\($0)]" } ?? ""),
            ])
        }
        return table.lines
    }
}
