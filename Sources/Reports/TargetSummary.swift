package import RecordingFormat

/// What one target's entry says of it: its `X` event, and its steps' `S` events.
package struct TargetSummary {
    private var result = TargetRecord()
    private var steps: [StepRecord] = []
    package let name: String

    /// - Parameter name: the target's.
    package init(name: String) {
        self.name = name
    }

    /// Takes a line of the entry, as asciicast has it; most of them say nothing of how the target ended.
    /// - Throws: CastError where it is not such a line.
    package mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        guard let code = CastLine.code(of: line), code == .exit || code == .step else { return }
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        if code == .exit {
            result = TargetRecord(parsing: event.data.utf8) ?? result
        } else if let step = StepRecord(parsing: event.data.utf8) {
            steps.append(step)
        }
    }

    var json: JSONValue { result.told(as: name, steps: steps).json }

    var outcome: String {
        let outcome = (result.outcome ?? .unknown).rawValue
        return result.isTruncated ? "\(outcome) (truncated)" : outcome
    }

    var took: String? { result.durationMicroseconds.map(readable) }

    var message: String? { result.failure?.message }

    /// What cut the playbook into blocks; nil where it is not known.
    var blocks: String? { result.blocks }

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
                String(shown) + (shown.count < text.count ? " …" : "") + (step.remark.map { "  [\($0)]" } ?? ""),
            ])
        }
        return table.lines
    }
}
