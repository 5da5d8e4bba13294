import RecordingFormat

/// What a document says of its run, in words.
enum RunFacts {
    /// A name and a value each; only what is known.
    /// - Parameter summaries: of the sessions that are exported; where they are all of the run's, their outcomes count.
    static func lines(of run: ExportedRun, _ summaries: [SessionSummary]) -> [(name: String, value: String)] {
        let facts = run.facts
        var lines: [(String, String)] = []
        func add(_ name: String, _ value: String?) {
            if let value { lines.append((name, value)) }
        }
        add("Playbook", run.playbookName)
        add("Started", facts.started.map(moment))
        add("Took", facts.durationMicroseconds.map(duration))
        add("Exit code", facts.exitCode.map { String($0) })
        add("Targets", facts.outcomes.map { outcomes($0, summaries) })
        add("Shard", facts.shard.map { "\($0.text), of \($0.selection.targets) targets" })
        if run.isRecovered { lines.append(("Recovered", "psrun ended without sealing this run")) }
        add("psrun", run.version)
        add("Playbook's SHA-256", facts.playbookHash)
        add("Archive's SHA-256", facts.archiveHash)
        add("Merkle root", facts.merkleRoot)
        return lines
    }

    /// `2026-11-22 17:00:45 UTC` of `2026-11-22T17:00:45Z`.
    static func moment(_ extended: String) -> String {
        extended.split(separator: "T").joined(separator: " ").split(separator: "Z").joined(separator: " ") + " UTC"
    }

    /// `12 ms`, `1.5 s`, `2 min 3 s`, `1 h 4 min`.
    static func duration(microseconds: Int64) -> String {
        let milliseconds = max(0, microseconds) / 1_000
        let seconds = milliseconds / 1_000
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case 1..<10: return "\(seconds).\(milliseconds % 1_000 / 100) s"
        case 10..<60: return "\(seconds) s"
        case 60..<3_600: return "\(seconds / 60) min \(seconds % 60) s"
        default: return "\(seconds / 3_600) h \(seconds / 60 % 60) min"
        }
    }

    private static func outcomes(
        _ counts: [(outcome: RecordedOutcome, targets: Int64)],
        _ summaries: [SessionSummary]
    ) -> String {
        var counts = counts
        if counts.reduce(0, { $0 &+ $1.targets }) == Int64(summaries.count) {
            counts = Dictionary(grouping: summaries, by: \.outcome)
                .map { (outcome: $0.key, targets: Int64($0.value.count)) }
                .sorted { $0.outcome.rawValue < $1.outcome.rawValue }
        }
        return counts.map { "\($0.targets) \($0.outcome.rawValue)" }.joined(separator: ", ")
    }
}
