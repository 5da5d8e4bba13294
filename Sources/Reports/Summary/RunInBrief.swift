package import Folding
import RecordingFormat

/// What a run of several targets came to: counts, then those that are not well, by reason.
package struct RunInBrief: Sendable {
    /// A far side may have much to say; the recording has all of it.
    private static let shownCharacters = 4_096

    /// Targets that are not well for the same reason.
    private struct Group {
        var targets: [(index: Int, name: String)] = []
        /// What more there is to say, of the first target, and whether it holds for all.
        var first: Int
        var detail: String
        let digest: TextDigest
        var isSame = true
        var linesNotSent: ClosedRange<Int>
    }

    /// What ends a run before all of its lines could be sent.
    private static let endsOfRuns: Set<String> = ["RunTimeout", "Interrupted", "RecordingLost"]

    private var counts: [RecordedOutcome: Int] = [:]
    /// Whether the run ended before all of its lines could be sent.
    package private(set) var isCutShort = false
    private var groups: [String: Group] = [:]

    package init() {}

    /// A target's session is over. Of one that is well only the count is kept, of another one the name: a run may have very
    /// many.
    /// - Parameter names: what the target is called, which parts no reasons.
    package mutating func add(_ target: TargetInBrief, at index: Int, names: HostNames? = nil) {
        counts[target.result.judgedOutcome, default: 0] += 1
        guard !target.isWell else { return }
        if let code = target.result.failure?.code, Self.endsOfRuns.contains(code) { isCutShort = true }
        let reason = target.reason
        let shown = String(reason.detail.prefix(Self.shownCharacters))
        var detail = shown.utf8.count < reason.detail.utf8.count ? shown + "…" : shown
        let digest = detail.withUTF8 { TextDigest($0, of: names ?? HostNames([target.name])) }
        let lines = target.result.linesNotSent ?? 0
        var group =
            groups[reason.short] ?? Group(first: index, detail: detail, digest: digest, linesNotSent: lines...lines)
        group.targets.append((index, target.name))
        if index < group.first { (group.first, group.detail) = (index, detail) }
        group.isSame = group.isSame && group.digest.isLike(digest)
        group.linesNotSent = min(group.linesNotSent.lowerBound, lines)...max(group.linesNotSent.upperBound, lines)
        groups[reason.short] = group
    }

    /// `3 targets: 1 ok, 1 error, 1 unreachable`, the good ones first; nil for a run of fewer than two.
    package var countLine: String? {
        let all = counts.values.reduce(0, +)
        guard all > 1 else { return nil }
        let sorted = counts.sorted { ($0.key == .ok ? "" : $0.key.rawValue) < ($1.key == .ok ? "" : $1.key.rawValue) }
        return "\(all) targets: " + sorted.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
    }

    /// A line for each reason, `web[03,07]: line 18, exit code 1: …`, that of the most targets first, then in the order of the
    /// run's targets; none for a run of fewer than two.
    package var lines: [String] { countLine == nil ? [] : told(withDetails: true) }

    /// The same in few words, whatever the number of targets, with `; ` between: `web[03,07]: line 18, exit code 1`.
    package var words: String { told(withDetails: false).joined(separator: "; ") }

    /// The targets that are not well, in the order of the run's targets.
    package var notWell: [String] {
        groups.values.flatMap(\.targets).sorted { $0.index < $1.index }.map(\.name)
    }

    /// The first target of the reason that most have.
    package var firstNotWell: String? { sorted.first?.targets.first?.name }

    /// Whether a target was not reached, and whether one that was is not well.
    package var kinds: (unreachable: Bool, failed: Bool) {
        (counts[.unreachable] != nil, counts.keys.contains { $0 != .ok && $0 != .unreachable })
    }

    private var sorted: [(short: String, targets: [(index: Int, name: String)], group: Group)] {
        groups.map { (short: $0.key, targets: $0.value.targets.sorted { $0.index < $1.index }, group: $0.value) }
            .sorted { one, other in
                (-one.targets.count, one.targets[0].index) < (-other.targets.count, other.targets[0].index)
            }
    }

    private func told(withDetails: Bool) -> [String] {
        sorted.map { short, targets, group in
            let line = "\(HostLabel.text(targets.map(\.name))): \(short)"
            guard withDetails else { return line }
            let lines = Self.text(ofLines: group.linesNotSent)
            guard !group.detail.isEmpty else { return line + lines }
            let first = targets.first { $0.index == group.first }?.name ?? ""
            return line + lines + (group.isSame ? ": \(group.detail)" : "; on \(first): \(group.detail)")
        }
    }

    /// `, 8 lines not sent`, `, 2 to 8 lines not sent`.
    private static func text(ofLines range: ClosedRange<Int>) -> String {
        guard range.upperBound > 0 else { return "" }
        let least = range.lowerBound < range.upperBound ? "\(range.lowerBound) to " : ""
        return ", \(least)\(LineCount.text(range.upperBound)) not sent"
    }
}
