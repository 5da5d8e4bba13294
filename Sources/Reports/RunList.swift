package import Recording
package import RecordingFormat

/// The runs of a recordings folder, as `list` tells them.
package struct RunList {
    private let runs: [RecordedRun]
    private let folder: String

    /// - Parameters:
    ///   - runs: in the order in which they are told.
    ///   - folder: the recordings folder.
    package init(_ runs: [RecordedRun], in folder: String) {
        self.runs = runs
        self.folder = folder
    }

    /// By the names of the machine-readable result.
    package var json: JSONValue {
        .record([.recordings: .string(folder), .runs: .array(runs.map { .object($0.summary) })])
    }

    /// A table with a heading, each row a line.
    package var text: String {
        var table = TextTable(rightAligned: [2, 3, 4, 5, 6])
        // Most folders have no such run.
        let tellsContinued = runs.contains { $0.continuedRun != nil }
        let heading = ["RUN", "STATE", "TARGETS", "WELL", "EXIT", "TOOK", "SIZE", "SIGNED", "NOT WELL"]
        table.add(heading + (tellsContinued ? ["CONTINUES"] : []))
        for run in runs {
            let manifest = run.manifest
            let cells = [
                run.name,
                run.stateName,
                run.targets.map(String.init) ?? "-",
                manifest.flatMap(Self.well) ?? "-",
                manifest?.exitCode.map { String($0) } ?? "-",
                manifest.map { readable(microseconds: $0.durationMicroseconds) } ?? "-",
                manifest.map { readable(bytes: $0.archiveBytes) } ?? "-",
                manifest == nil ? "-" : run.isSigned ? "yes" : "no",
                manifest.map(Self.notWell) ?? "-",
            ]
            table.add(cells + (tellsContinued ? [run.continuedRun ?? "-"] : []))
        }
        return table.lines.map { $0 + "\n" }.joined()
    }

    /// How many targets are well; nil where the manifest does not tell: psrun 0.1.0 counted as `ok` what had asked for an
    /// exit code other than 0, and its own exit code alone knew of that.
    private static func well(_ manifest: Manifest) -> String? {
        let well = manifest.targets(ended: .ok)
        return manifest.exitCode == 1 && well == manifest.entries ? nil : String(well)
    }

    /// `3 error, 1 unreachable`; `exit code 1` of a run that is not well although its targets' outcomes are.
    private static func notWell(_ manifest: Manifest) -> String {
        let outcomes = manifest.outcomes.filter { $0.key != RecordedOutcome.ok.rawValue }.sorted { $0.key < $1.key }
        if outcomes.isEmpty, let exitCode = manifest.exitCode, exitCode != 0 { return "exit code \(exitCode)" }
        return outcomes.isEmpty ? "-" : outcomes.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
