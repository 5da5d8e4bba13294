import Fleet
import Folding
import PSRunCommandLine
import RecordingExport
package import RecordingFormat
import Reports
import RunFormats
import Sessions
import Synchronization
import Terminals

/// What is told of targets, and at the end of the run.
extension RunOutput {
    /// A target's result, for the formats that machines read.
    /// - Parameter steps: their records, with commas between.
    func report(_ result: TargetResult, steps: SpooledBytes, at index: Int) {
        guard format == .json || format == .jsonl else { return }
        let report = TargetReport(TargetRecord(result, output: recordedOutput), steps: steps)
        if format == .json {
            reports.withLock { $0[index] = report }
        } else {
            results.write([], then: report.source(trailing: [0x0A]).next, then: [])
        }
    }

    /// A target's test suite.
    /// - Parameters:
    ///   - suite: whose cases are all told.
    ///   - cases: their elements.
    func report(_ suite: JUnitSuite, of record: TargetRecord, cases bytes: SpooledBytes, began: Int64, at index: Int) {
        let head = suite.beginning(
            of: record.target ?? "",
            microseconds: record.durationMicroseconds ?? 0,
            startedSeconds: began
        )
        reports.withLock { $0[index] = TargetReport(before: head, steps: bytes, after: JUnitSuite.end) }
        cases.withLock { $0.add(suite.counts) }
    }

    /// One of the sessions is over.
    /// - Parameter names: what the target is called, there and here.
    func summarize(_ target: TargetInBrief, _ record: TargetRecord, called names: HostNames, at index: Int) {
        summary.withLock { $0.add(target, at: index, names: names) }
        figures.withLock { $0.add(record, named: target.name, at: index) }
        progress?.ended(index, isWell: target.isWell)
    }

    /// A step has ended on some target.
    func count(step outcome: RecordedOutcome) { figures.withLock { $0.add(step: outcome) } }

    /// The run's own result, behind those of its targets.
    package func report(_ run: RunRecord) {
        switch format {
        case .text: showFolds()
        case .json:
            let sources = inOrder.enumerated().map { $1.source(leading: $0 == 0 ? [] : [UInt8(ascii: ",")]) }
            let (before, after) = run.aroundTargets
            results.write(before, then: ByteSource.of(sources).next, then: after + [0x0A])
        case .jsonl: results.write(run.encoded + [0x0A])
        case .junit:
            let head = JUnitDocument.beginning(
                name: run.playbook ?? "",
                counts: cases.withLock { $0 },
                microseconds: run.durationMicroseconds
            )
            results.write(head, then: ByteSource.of(inOrder.map { $0.source() }).next, then: JUnitDocument.end)
        case .nagios: showPluginLine(run)
        }
    }

    private var inOrder: [TargetReport] {
        reports.withLock { reports in reports.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// What several targets printed, and in a file of its own the reasons too.
    private func showFolds() {
        folds?.take { print($0, then: $1, then: $2) }
        guard isFile else { return }
        let summary = summary.withLock { $0 }
        for line in summary.lines { tell(own: "psrun: \(line.indentingFurtherLines)") }
    }

    private func showPluginLine(_ run: RunRecord) {
        let summary = summary.withLock { $0 }
        let figures = figures.withLock { $0 }
        let status = NagiosLine.Status(exitCode: Int32(clamping: run.exitCode ?? 0))
        let bad = figures.total - figures.well
        var words = "\(run.playbook ?? ""): "
        if bad == 0 {
            words += figures.total == 1 ? "1 target is well" : "\(figures.total) targets are well"
        } else {
            words += "\(bad) of \(figures.total) \(bad == 1 ? "target is" : "targets are") not well: \(summary.words)"
        }
        if status == .unknown || status == .warning, let first = firstWord.withLock({ $0 }) { words += "; \(first)" }
        let line = NagiosLine(
            status,
            mask.masked(words),
            figures: figures,
            durationMicroseconds: run.durationMicroseconds ?? 0
        )
        print(line.text)
    }

    /// Says what a run of several targets came to; when quiet only what is not well.
    /// - Parameter folder: what `--recordings` named.
    package func tellSummary(of run: RunRecord, folder: String?) {
        let summary = summary.withLock { $0 }
        if let counts = summary.countLine { remark(counts) }
        for line in summary.lines { complain(line) }
        guard summary.countLine != nil, let name = run.run,
            let next = NextCommands(run: name, folder: folder, summary)
        else { return }
        remark("next:\n" + next.lines.joined(separator: "\n"))
    }

    /// How psrun ends: a monitoring plug-in has exit codes of its own.
    package func ending(_ exitCode: Int32) -> Int32 {
        format == .nagios ? NagiosLine.Status(exitCode: exitCode).rawValue : exitCode
    }
}

/// The line of a run for a monitoring server that did not begin.
package enum PluginFailure {
    /// - Parameter message: why; without secrets.
    package static func line(_ message: String) -> (text: String, exitCode: Int32) {
        let line = NagiosLine(.unknown, message)
        return (line.text, line.status.rawValue)
    }
}
