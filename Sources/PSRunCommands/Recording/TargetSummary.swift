import Recording
import RecordingFormat

/// What one target's entry says of it: its `X` event, and its steps' `S` events.
struct TargetSummary {
    private let result: TargetRecord
    private let steps: [StepRecord]
    let name: String

    /// - Throws: `damaged` where the entry is not what was sealed.
    init(of entry: IndexedEntry, in recording: SealedRecording) throws(RecordingError) {
        var result = TargetRecord()
        var steps: [StepRecord] = []
        try recording.forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            guard let code = CastLine.code(of: line), code == .exit || code == .step else { return }
            do throws(CastError) {
                guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
                if code == .exit {
                    result = TargetRecord(parsing: event.data.utf8) ?? result
                } else if let step = StepRecord(parsing: event.data.utf8) {
                    steps.append(step)
                }
            } catch {
                throw recording.damage(error, in: entry)
            }
        }
        name = entry.target
        self.result = result
        self.steps = steps
    }

    var json: JSONValue { result.told(as: name, steps: steps).json }

    var outcome: String {
        let outcome = (result.outcome ?? .unknown).rawValue
        return result.isTruncated ? "\(outcome) (truncated)" : outcome
    }

    var took: String? { result.durationMicroseconds.map(readable) }

    var message: String? { result.failure?.message }

    /// `tcp 2 ms`, and so on.
    var phases: [String] {
        result.phases.map { "\($0.name) \(readable(microseconds: $0.microseconds))" }
    }

    /// `ok     line 3        12 ms  Get-Process`, and so on, in columns.
    var stepLines: [String] {
        var table = TextTable(rightAligned: [2])
        for step in steps {
            let text = step.text ?? ""
            let shown = text.prefix { $0 != "\n" && $0 != "\r\n" }
            table.add([
                (step.outcome ?? .unknown).rawValue,
                step.title ?? "-",
                step.durationMicroseconds.map(readable) ?? "-",
                String(shown) + (shown.count < text.count ? " …" : ""),
            ])
        }
        return table.lines
    }
}
