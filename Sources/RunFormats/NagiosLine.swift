import ConsoleText
import RecordingFormat

/// A run as a monitoring plug-in tells it: one line, and a status from 0 to 3.
/// Source: the Monitoring Plugins' development guidelines, "Plugin Output for Nagios" and "Threshold and Ranges".
package struct NagiosLine: Sendable, Hashable {
    package enum Status: Int32, Sendable, Hashable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        fileprivate var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }
    }

    /// What some servers and agents take of the words, in bytes, with room left for the figures.
    private static let mostBytes = 768

    package let status: Status
    /// With its line end.
    package let text: String

    /// - Parameters:
    ///   - words: of the run; what does not fit is left out.
    ///   - figures: nil where there was no run.
    package init(_ status: Status, _ words: String, figures: RunFigures? = nil, durationMicroseconds: Int64 = 0) {
        self.status = status
        let line = "PSRUN \(status.word) - \(Self.oneLine(words))"
        let data = figures.map { " | " + Self.performanceData($0, durationMicroseconds) } ?? ""
        text = line + data + "\n"
    }

    /// What a line has room for: no control characters, and no `|`, behind which the figures begin.
    private static func oneLine(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline).joined(separator: " ")
        let shown = TerminalText.presentable(lines, colored: false).map { character in
            character == "|" ? "/" : character == "\t" ? " " : character
        }
        var text = ""
        for character in shown {
            guard text.utf8.count + character.utf8.count <= mostBytes else { return text + "…" }
            text.append(character)
        }
        return text
    }

    /// `label=value;warning;critical;minimum;maximum`: a figure outside `critical` is what makes the status so.
    private static func performanceData(_ figures: RunFigures, _ durationMicroseconds: Int64) -> String {
        let (unreachable, timedOut) = (figures.outcomes[.unreachable] ?? 0, figures.outcomes[.timedOut] ?? 0)
        let ended = figures.outcomes.values.reduce(0, +)
        let others = figures.total - (figures.outcomes[.ok] ?? 0) - unreachable - timedOut
        func bad(_ label: String, _ count: Int) -> String { "\(label)=\(count);;0;0;\(figures.total)" }
        return [
            "targets=\(figures.total);;;0", "done=\(ended);;;0;\(figures.total)",
            "ok=\(figures.well);;\(figures.total):;0;\(figures.total)", bad("failed", others),
            bad("unreachable", unreachable), bad("timed_out", timedOut),
            "steps_not_ok=\(figures.steps.reduce(0) { $0 + ($1.key == .ok ? 0 : $1.value) });;0;0",
            "duration=\(RunFigures.seconds(durationMicroseconds))s;;;0",
        ].joined(separator: " ")
    }
}

extension NagiosLine.Status {
    /// What an exit code of psrun's is to a monitoring server: a run that told nothing of its targets is `unknown`.
    /// - Parameter exitCode: as the table of exit codes has it.
    package init(exitCode: Int32) {
        switch exitCode {
        case 0: self = .ok
        // The run is whole, its recording is not.
        case 6: self = .warning
        case 1, 4, 5, 124: self = .critical
        default: self = .unknown
        }
    }
}
