import Recording
import RecordingFormat

/// What one target's entry says of it: its `X` event, and its steps' `S` events.
struct TargetSummary {
    /// By the names of the machine-readable result.
    private let result: JSONValue
    private let steps: [JSONValue]
    let name: String

    /// - Throws: `damaged` where the entry is not what was sealed.
    init(of entry: IndexedEntry, in recording: SealedRecording) throws(RecordingError) {
        var result: JSONValue = [:]
        var steps: [JSONValue] = []
        try recording.forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            guard let code = CastLine.code(of: line), code == .exit || code == .step else { return }
            do throws(CastError) {
                guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
                guard let value = try? JSONValue(parsing: Array(event.data.utf8)) else { return }
                if code == .exit { result = value } else { steps.append(value) }
            } catch {
                throw recording.damage(error, in: entry)
            }
        }
        name = entry.target
        self.result = result
        self.steps = steps
    }

    var json: JSONValue {
        let members = (result.members ?? []).filter { $0.key != "steps" && $0.key != "target" }
        return .object(
            [JSONMember(key: "target", value: .string(name))] + members
                + [JSONMember(key: "steps", value: .array(steps))]
        )
    }

    var outcome: String {
        let outcome = result["outcome"]?.string ?? "unknown"
        return result["truncated"]?.bool == true ? "\(outcome) (truncated)" : outcome
    }

    var took: String? { (result["duration_us"]?.integer).map(readable) }

    var message: String? { result["error"]?["message"]?.string }

    /// `tcp 2 ms`, and so on.
    var phases: [String] {
        (result["phases_us"]?.members ?? []).compactMap { phase in
            phase.value.integer.map { "\(phase.key) \(readable(microseconds: $0))" }
        }
    }

    /// `ok     line 3        12 ms  Get-Process`, and so on, in columns.
    var stepLines: [String] {
        var table = TextTable(rightAligned: [2])
        for step in steps {
            let first = step["first_line"]?.integer ?? 0
            let last = step["last_line"]?.integer ?? first
            let text = step["text"]?.string ?? ""
            let shown = text.prefix { $0 != "\n" && $0 != "\r\n" }
            table.add([
                step["outcome"]?.string ?? "unknown",
                first == last ? "line \(first)" : "lines \(first) to \(last)",
                (step["duration_us"]?.integer).map(readable) ?? "-",
                String(shown) + (shown.count < text.count ? " …" : ""),
            ])
        }
        return table.lines
    }
}
