import RecordingFormat

/// What a run of several targets came to: counts, then each target that is not well, with the line and the reason.
package struct RunInBrief: Sendable {
    private var counts: [RecordedOutcome: Int] = [:]
    /// By their places among the run's targets.
    private var notWell: [Int: TargetInBrief] = [:]

    package init() {}

    /// A target's session is over. Of one that is well only the count is kept: a run may have very many.
    package mutating func add(_ target: TargetInBrief, at index: Int) {
        counts[target.result.judgedOutcome, default: 0] += 1
        if !target.isWell { notWell[index] = target }
    }

    /// `3 targets: 1 ok, 1 error, 1 unreachable`, the good ones first; nil for a run of fewer than two.
    package var countLine: String? {
        let all = counts.values.reduce(0, +)
        guard all > 1 else { return nil }
        let sorted = counts.sorted { ($0.key == .ok ? "" : $0.key.rawValue) < ($1.key == .ok ? "" : $1.key.rawValue) }
        return "\(all) targets: " + sorted.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    }

    /// A line for each target that is not well, in the order of the run's targets; none for a run of fewer than two.
    package var lines: [String] {
        guard countLine != nil else { return [] }
        return notWell.sorted { $0.key < $1.key }.map { _, target in
            target.heading + (target.reasons.isEmpty ? "" : ": " + target.reasons.joined(separator: "; "))
        }
    }
}
