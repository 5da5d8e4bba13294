import RecordingFormat

/// What a run of several targets came to: counts, then each target that is not well, with the line and the reason.
package struct RunInBrief: Sendable {
    /// A far side may have much to say; the recording has all of it.
    private static let shownCharacters = 4_096

    private struct Entry {
        let name: String
        /// `error, exit 1, 1 line not sent`.
        let ending: String
        /// Empty for none.
        let reason: String

        var line: String { "\(name): \(ending)" + (reason.isEmpty ? "" : ": \(reason)") }
    }

    private var counts: [RecordedOutcome: Int] = [:]
    /// The targets that are not well, by their places among the run's.
    private var notWell: [Int: Entry] = [:]

    package init() {}

    /// A target's session is over. Of one that is well only the count is kept: a run may have very many.
    package mutating func add(_ target: TargetInBrief, at index: Int) {
        counts[target.result.judgedOutcome, default: 0] += 1
        guard !target.isWell else { return }
        let reason = target.reasons.joined(separator: "; ")
        let shown = String(reason.prefix(Self.shownCharacters))
        notWell[index] = Entry(
            name: target.name,
            ending: target.ending,
            reason: shown.utf8.count < reason.utf8.count ? shown + "…" : shown
        )
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
        countLine == nil ? [] : notWell.sorted { $0.key < $1.key }.map(\.value.line)
    }
}
