import ConsoleText
import RecordingFormat

/// A run as metrics in Prometheus's text format, version 0.0.4, for the node exporter's textfile collector.
///
/// HELP and TYPE of a metric never change: the collector drops a series whose HELP differs from another file's, without an
/// error. Each series has the file's own name as a label, so that no two files of one folder have the same. Nothing has a
/// timestamp, with which the collector drops the file.
package enum MetricsText {
    private struct Family {
        let name: String
        let help: String
        /// Labels besides those of every series, and the value.
        let samples: [(labels: [(String, String)], value: String)]
    }

    /// What is told of a whole run.
    package struct Run: Sendable {
        let playbook: String
        let exitCode: Int32
        let startedSeconds: Int64
        let durationMicroseconds: Int64

        package init(playbook: String, exitCode: Int32, startedSeconds: Int64, durationMicroseconds: Int64) {
            self.playbook = playbook
            self.exitCode = exitCode
            self.startedSeconds = startedSeconds
            self.durationMicroseconds = durationMicroseconds
        }
    }

    /// - Parameter file: the metrics file's name, without its folder and `.prom`.
    /// - Returns: lines, each with its line end.
    package static func text(of run: Run, _ figures: RunFigures, file: String) -> String {
        let common = [("file", file), ("playbook", run.playbook)]
        var text = ""
        for family in families(of: run, figures) {
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
            for sample in family.samples {
                let labels = (common + sample.labels).map { "\($0.0)=\"\(escaped($0.1))\"" }
                text += "\(family.name){\(labels.joined(separator: ","))} \(sample.value)\n"
            }
        }
        return text
    }

    private static func families(of run: Run, _ figures: RunFigures) -> [Family] {
        func one(_ name: String, _ help: String, _ value: some CustomStringConvertible) -> Family {
            Family(name: name, help: help, samples: [([], "\(value)")])
        }
        let end = run.startedSeconds * 1_000_000 + run.durationMicroseconds
        let targets = figures.inOrder
        return [
            one("psrun_run_success", "Whether the last run went well on every target.", run.exitCode == 0 ? 1 : 0),
            one("psrun_run_exit_code", "The exit code of the last run.", run.exitCode),
            one("psrun_run_start_time_seconds", "When the last run began, in seconds since 1970.", run.startedSeconds),
            one(
                "psrun_run_end_time_seconds",
                "When the last run ended, in seconds since 1970.",
                RunFigures.seconds(end)
            ),
            one(
                "psrun_run_duration_seconds",
                "How long the last run took.",
                RunFigures.seconds(run.durationMicroseconds)
            ),
            Family(
                name: "psrun_run_targets",
                help: "Targets of the last run, by the outcome of their sessions.",
                samples: RunFigures.targetOutcomes.map {
                    ([("outcome", $0.rawValue)], "\(figures.outcomes[$0] ?? 0)")
                }
            ),
            Family(
                name: "psrun_run_steps",
                help: "Steps that the last run sent, by outcome.",
                samples: RunFigures.stepOutcomes.map { ([("outcome", $0.rawValue)], "\(figures.steps[$0] ?? 0)") }
            ),
            one(
                "psrun_run_lines_not_sent",
                "Lines that the last run did not send, on all targets.",
                figures.linesNotSent
            ),
            Family(
                name: "psrun_target_success",
                help: "Whether the last run went well on this target.",
                samples: targets.map { ([("target", $0.name)], $0.isWell ? "1" : "0") }
            ),
            Family(
                name: "psrun_target_duration_seconds",
                help: "How long the session on this target took in the last run.",
                samples: targets.map { ([("target", $0.name)], RunFigures.seconds($0.durationMicroseconds)) }
            ),
        ]
    }

    /// A label's value: what a terminal would take for a command is shown as text, and `\`, `"` and line ends are escaped.
    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in TerminalText.presentable(text, colored: false).unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\"
            case "\"": output += "\\\""
            case "\n": output += "\\n"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
