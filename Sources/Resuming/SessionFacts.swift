package import RecordingFormat

/// What the recording of one target's session says of the lines of the playbook, and of its end.
package struct SessionFacts: Sendable, Hashable {
    package let target: String
    /// How the target is reached; nil where its name tells.
    package private(set) var place: RecordedPlace?
    /// In the order of the playbook, each line once.
    package private(set) var steps: [StepRecord] = []
    /// nil where the recording does not tell how the session ended.
    package private(set) var result: TargetRecord?

    package init(target: String) {
        self.target = target
    }

    /// Whether an event of this code may say something.
    package static func isWanted(_ code: RecordedCode) -> Bool { [.step, .exit, .connection].contains(code) }

    /// Takes an event of the session; in the order of the recording.
    package mutating func take(_ code: RecordedCode, _ data: String) {
        switch code {
        case .step: if let step = StepRecord(parsing: data.utf8) { steps.append(step) }
        case .exit: result = TargetRecord(parsing: data.utf8)
        // Words of the far side come behind it.
        case .connection where place == nil && data.hasPrefix(RecordedLead.place):
            place = RecordedPlace(parsing: data.utf8.dropFirst(RecordedLead.place.utf8.count))
        default: break
        }
    }

    /// Lines of the playbook that ran, in this run or in one that it continues.
    package var linesRun: Int {
        steps.filter { $0.firstLine ?? 0 > 0 && $0.outcome != .unknown }
            .reduce(0) { $0 + ($1.outcome != .notSent || $1.earlierRun != nil ? $1.lineCount : 0) }
    }

    /// Lines that may have run.
    package var linesInDoubt: Int {
        steps.filter { $0.firstLine ?? 0 > 0 && $0.outcome == .unknown }.reduce(0) { $0 + $1.lineCount }
    }

    /// Whether the target was not entered at all.
    package var isUnreachable: Bool { result?.outcome == .unreachable }

    package var isWell: Bool { result?.isWell ?? false }
}
