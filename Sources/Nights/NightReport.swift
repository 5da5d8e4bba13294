import ConsoleText
import NodeSets
import Schedules

/// What a run under `--cron` says: nothing when all is well, else one report that fits a mail.
package struct NightReport: Sendable {
    /// Lines of a report at most.
    package static let mostLines = 40
    /// Characters of a line at most: a line of a mail has 998 (RFC 5322, 2.1.1).
    static let lineCharacters = 900
    /// Lines of one change that are shown.
    private static let changeLines = 6

    /// The playbook, as a person knows it.
    package var playbook: String
    /// This computer.
    package var host: String
    package var exitCode: Int32
    /// `SIGTERM`, where a signal ended the run.
    package var signal: String?
    /// How many targets the run had.
    package var targets: Int
    /// `2026-11-30T01:30:00Z`.
    package var started: String
    /// `41 s`.
    package var took: String
    /// The run's folder; nil where nothing was recorded.
    package var recording: String?
    package var log: NightLog
    package var baseline: NightBaseline

    package init(
        playbook: String,
        host: String,
        exitCode: Int32,
        signal: String?,
        targets: Int,
        started: String,
        took: String,
        recording: String?,
        log: NightLog,
        baseline: NightBaseline
    ) {
        self.playbook = playbook
        self.host = host
        self.exitCode = exitCode
        self.signal = signal
        self.targets = targets
        self.started = started
        self.took = took
        self.recording = recording
        self.log = log
        self.baseline = baseline
    }

    /// The report, each line with its end; nil where all is well and nobody is to be told.
    package var text: String? {
        guard exitCode != 0 else { return nil }
        var sections = [
            Section(lines: findings, least: 14, rest: restOfFindings),
            Section(lines: words, least: 5) { "… \($0) more words like these are left out" },
            Section(lines: differences, least: 12) { "  … \($0) more lines; psrun diff has all" },
        ]
        let tail = ending
        let blanks = sections.count { !$0.lines.isEmpty } + 1
        Section.share(Self.mostLines - head.count - tail.count - blanks, among: &sections)
        let blocks = [head] + sections.map(\.shown) + [tail]
        return blocks.filter { !$0.isEmpty }.map { $0.map(Self.line).joined() }.joined(separator: "\n")
    }

    private static func line(_ text: String) -> String {
        let line = TerminalText.presentable(text.onOneLine, colored: false)
        return (line.count > lineCharacters ? line.prefix(lineCharacters) + "…" : line) + "\n"
    }

    // MARK: The beginning and the end

    private var head: [String] {
        let well = log.ended - log.notWell.count
        var counts = log.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        if log.ended < targets { counts.append("\(targets - log.ended) not begun") }
        let isEnded = signal.map { ", ended by \($0)" } ?? ""
        return [
            "psrun: \(playbook): \(targets - well) of \(Self.count(targets)) not well, exit code \(exitCode)\(isEnded)",
            "From \(host), began \(started), took \(took): \(counts.isEmpty ? "no target" : counts.joined(separator: ", "))",
        ]
    }

    private var ending: [String] {
        guard let recording else { return ["Recording: none"] }
        let own = ShellWord.quoted(recording)
        var lines = ["Recording: \(recording)", "Next: psrun show \(own)"]
        if case .found(let night, _, _) = baseline {
            let folder = recording.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
                separator: "/"
            )
            lines.append("      psrun diff \(ShellWord.quoted("\(folder)/\(night.run)")) \(own)")
        }
        return lines
    }

    private static func count(_ targets: Int) -> String { targets == 1 ? "1 target" : "\(targets) targets" }

    // MARK: Who is not well

    /// Targets that failed alike, the largest group first. What one alone has to say is told with its own names.
    private var groups: [(finding: String, names: [String])] {
        var groups: [String: [(index: Int, target: NightTarget)]] = [:]
        for (index, target) in log.notWell { groups[target.common, default: []].append((index, target)) }
        return groups.values.map { $0.sorted { $0.index < $1.index } }
            .sorted { ($1.count, $0[0].index) < ($0.count, $1[0].index) }
            .map { group in
                let first = group[0].target
                let isAlike = group.allSatisfy { $0.target.finding == first.finding }
                return (isAlike ? first.finding : first.common, group.map(\.target.name))
            }
    }

    private var findings: [String] { groups.map { "\(Self.fold($0.names)): \($0.finding)" } }

    private func restOfFindings(_ rest: Int) -> String {
        let names = groups.suffix(rest).flatMap(\.names)
        return "… \(rest) more reasons, of \(Self.count(names.count)): \(Self.fold(names))"
    }

    /// Names as `-w` takes them, where it does; of very many the first.
    static func fold(_ names: [String]) -> String {
        func folded(_ names: some Collection<String>) -> String {
            names.allSatisfy(NodeSet.canBeWritten) ? NodeSet(names: names).folded : names.joined(separator: ",")
        }
        let most = lineCharacters / 2
        let whole = folded(names)
        guard whole.count > most else { return whole }
        var (low, high) = (1, names.count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if folded(names.prefix(middle)).count > most { high = middle } else { low = middle }
        }
        return "\(folded(names.prefix(low))) and \(names.count - low) more"
    }

    /// What was told of a target that is not well stands with it already.
    private var words: [String] {
        let told = log.notWell.values.map { "\($0.name): " }
        return log.words.filter { word in !told.contains(where: word.hasPrefix) }
            + (log.wordsLeftOut > 0 ? ["… \(log.wordsLeftOut) more words like these were not kept"] : [])
    }

    // MARK: What is different

    private var differences: [String] {
        switch baseline {
        case .notRecorded: return []
        case .none: return ["There is no earlier night of this playbook and these targets here on which all was well."]
        case .notCompared(let why): return ["Not compared with an earlier night: \(why)"]
        case .unreadable(let run, let why): return ["Not compared with \(run), the last good night: \(why)"]
        case .found(let night, let between, let difference):
            var lines = [lead(night, between, difference)]
            for ending in difference.endings {
                lines.append("  ended \(ending.to) instead of \(ending.from): \(Self.fold(ending.targets))")
            }
            for change in changesOfNotWell(difference.changes) {
                lines.append("  showed something else: \(Self.fold(change.targets))")
                lines += change.lines.prefix(Self.changeLines).map { "    \($0)" }
                let rest = change.lines.count - Self.changeLines
                if rest > 0 { lines.append("    … \(rest) more lines") }
            }
            if difference.unchanged > 0 { lines.append("  the same as then: \(Self.count(difference.unchanged))") }
            return lines
        }
    }

    /// The changes of targets that are not well come first: other outputs may change every night.
    private func changesOfNotWell(_ changes: [NightDifference.Change]) -> [NightDifference.Change] {
        let notWell = Set(log.notWell.values.map(\.name))
        func isFirst(_ change: NightDifference.Change) -> Bool { change.targets.contains(where: notWell.contains) }
        return changes.filter(isFirst) + changes.filter { !isFirst($0) }
    }

    private func lead(_ night: PastNight, _ between: Int, _ difference: NightDifference) -> String {
        let since = between > 0 ? ", with \(between) \(between == 1 ? "run" : "runs") between" : ""
        let playbook = difference.isSamePlaybook ? "" : ", whose playbook was another"
        return "Different from the last good night, \(night.run)\(since)\(playbook):"
    }
}

/// Lines of which some may have to be left out.
private struct Section {
    let lines: [String]
    /// So many have room whatever the others want.
    let least: Int
    /// What stands for lines that are left out.
    let rest: (Int) -> String
    private(set) var room = 0

    init(lines: [String], least: Int, rest: @escaping (Int) -> String) {
        self.lines = lines
        self.least = least
        self.rest = rest
    }

    var shown: [String] {
        guard lines.count > room else { return lines }
        let kept = max(0, room - 1)
        return lines.prefix(kept) + [rest(lines.count - kept)]
    }

    /// Gives each its least, and what is left to those that want more, in their order.
    static func share(_ room: Int, among sections: inout [Section]) {
        for index in sections.indices { sections[index].room = min(sections[index].lines.count, sections[index].least) }
        var left = room - sections.reduce(0) { $0 + $1.room }
        for index in sections.indices where left > 0 {
            let more = min(left, sections[index].lines.count - sections[index].room)
            sections[index].room += more
            left -= more
        }
    }
}
