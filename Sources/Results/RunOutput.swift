import CLinux
import ConsoleText
import Files
package import Fleet
import Folding
import Glibc
package import PSRunCommandLine
package import Playbooks
import Processes
import RecordingExport
package import RecordingFormat
import Reports
import RunFormats
import Sessions
import Synchronization
import SystemErrors
import Terminals
package import Threads

/// Where a run's results and words go.
package final class RunOutput: Sendable {
    package let format: RunInvocation.Output.Format
    /// One target's session is shown as it goes on.
    let isLive: Bool
    /// Several targets' output is shown as it comes, in lines.
    let isPrefixed: Bool
    /// What several targets printed, where it is shown at the end.
    let folds: FoldedResults?
    /// The playbook's lines, where they are test cases; and how those are grouped.
    let caseLines: [JUnitSuite.Line]
    let caseClass: String
    package let isAtTerminal: Bool
    package let colored: Bool
    /// The console's width.
    package let columns: Int
    /// How far the run is, where somebody looks on.
    package let progress: ProgressScreen?
    private let verbosity: RunInvocation.Verbosity
    let mask: SecretMask
    /// Whether the session's own text is redacted: what may be a log, and what a terminal shows of secrets that are held
    /// before anything ran.
    private let redacts: Bool
    let results: OutputWriter
    private let words: OutputWriter
    private let file: AtomicFile?
    /// Takes what would be said on standard error; nil where it is said.
    private let night: (any NightSink)?
    private let metrics: MetricsFile?
    /// Those whose reader may be asked something.
    private let atTerminal: [OutputWriter]
    let reports = Mutex<[Int: TargetReport]>([:])
    let cases = Mutex(JUnitCounts())
    let summary = Mutex(RunInBrief())
    let figures: Mutex<RunFigures>
    /// What was said first, where standard error is to be silent.
    let firstWord = Mutex<String?>(nil)
    /// Whether the results of a night go nowhere: it is told of by its report.
    let isForNobody: Bool
    /// Where results wait that are not written yet.
    let spool: ResultSpool

    /// - Parameter night: takes what would be said; results go to `--output` alone then.
    /// - Throws: CommandFailure where `--output` or `--metrics-file` cannot be written.
    package init(
        _ invocation: RunInvocation,
        playbook: Playbook,
        named playbookName: String,
        targets: Int,
        environment: [String: String],
        mask: SecretMask,
        night: (any NightSink)? = nil
    ) throws(CommandFailure) {
        self.mask = mask
        self.night = night
        spool = ResultSpool(environment: environment)
        let output = invocation.output
        format = output.format
        isLive = targets == 1
        isPrefixed = output.isLive && targets > 1
        verbosity = invocation.verbosity
        isForNobody = night != nil && output.file == nil
        let place = output.file ?? (isForNobody ? "/dev/null" : nil)
        file = if let place { try AtomicFile.output(place) } else { nil }
        metrics = if let path = output.metricsFile { try MetricsFile(path) } else { nil }
        figures = Mutex(RunFigures(targets: targets))
        isAtTerminal = file == nil && isatty(STDOUT_FILENO) != 0
        // Whoever is asked at the terminal types into that text.
        redacts =
            isAtTerminal
            ? mask.holdsSecrets && !invocation.prompts.asksPerson
            : mask.holdsSecrets || !invocation.redactions.isEmpty
        colored =
            switch output.color {
            case .always: true
            case .never: false
            case .auto: isAtTerminal && (environment["NO_COLOR"] ?? "").isEmpty
            }
        let isFolded = targets > 1 && !isPrefixed && format == .text && !isForNobody
        folds = isFolded ? FoldedResults(spool, colored: colored) : nil
        caseClass = mask.masked(playbookName)
        caseLines = format == .junit ? Self.cases(of: playbook, invocation, mask) : []
        let width = Int(psrun_terminal_columns(STDOUT_FILENO))
        columns = width > 0 ? width : 120
        let isWatched = targets > 1 && verbosity != .quiet && format != .nagios && !invocation.dryRun
        progress = isWatched ? ProgressScreen(targets: targets, environment: environment) : nil
        results = OutputWriter(
            descriptor: file?.descriptor ?? STDOUT_FILENO,
            begins: true,
            status: isAtTerminal ? progress?.line : nil
        )
        words = OutputWriter(descriptor: STDERR_FILENO, begins: true, status: progress?.line)
        atTerminal = (isAtTerminal ? [results] : []) + (isatty(STDERR_FILENO) != 0 ? [words] : [])
    }

    private static func cases(
        of playbook: Playbook,
        _ invocation: RunInvocation,
        _ mask: SecretMask
    ) -> [JUnitSuite.Line] {
        let profile = invocation.loadProfile == nil ? [] : [JUnitSuite.Line(number: 0, text: "")]
        return profile + playbook.lines.map { JUnitSuite.Line(number: $0.number, text: mask.masked($0.text)) }
    }

    /// Console text, as it may reach the operator.
    package func show(_ text: String) {
        results.write(presentable(text))
    }

    /// A piece of a console's text, between which psrun has words of its own: they do not come out in the far side's colours.
    func show(_ piece: String, in style: inout CarriedStyle) {
        let text = presentable(piece)
        results.write(colored ? style.enclosed(text) : text)
    }

    /// A line of a target's output among others'.
    func show(line: String, in style: inout CarriedStyle, of name: String) {
        let text = presentable(line)
        results.write("\(TerminalText.presentable(name, colored: false)): " + (colored ? style.enclosed(text) : text))
    }

    // MARK: Progress

    /// Begins to show how far the run is, where somebody looks on.
    package func beginProgress() { progress?.begin(on: words) }

    /// Shows it no more; nothing of it is left.
    package func endProgress() {
        progress?.end()
        words.eraseStatus()
    }

    /// A person is about to be asked at the terminal: how far the run is, and what it waits for, stands above the question.
    /// - Returns: what `answered` takes.
    package func asks(_ text: String) -> Int? {
        guard let progress else { return nil }
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        let isFirst = !progress.isWaiting
        let question = progress.asks(String(line.split(separator: ":").first ?? ""))
        // What comes while a question stands there is held back.
        if isFirst { words.write("psrun: \(progress.text)\n") }
        return question
    }

    package func answered(_ question: Int?) {
        if let question { progress?.answered(question) }
    }

    // MARK: Questions

    /// Lets out what came so far, and holds back what comes from now on where it would go to the terminal at which a person
    /// is asked.
    /// - Parameter isOver: looked at while a terminal takes nothing.
    package func holdBack(unless isOver: @Sendable () -> Bool) async {
        for writer in atTerminal { writer.hold() }
        for writer in atTerminal {
            let isOut = Mutex(false)
            let flush = Task {
                _ = await writer.flush()
                isOut.withLock { $0 = true }
            }
            while !isOut.withLock({ $0 }), !isOver() { try? await Task.sleep(for: .milliseconds(2)) }
            flush.cancel()
        }
    }

    /// Ends what `holdBack` began.
    package func letGo() {
        for writer in atTerminal { writer.letGo() }
    }

    /// Whether more came than is held back, so that a question was buried.
    package func takeOverflow() -> Bool {
        atTerminal.map { $0.takeOverflow() }.contains(true)
    }

    func presentable(_ text: String) -> String { TerminalText.presentable(text, colored: colored) }

    /// A line of psrun's own among the results, in which a far side's words may stand: without colours, which would go on.
    func tell(own line: String) {
        results.write(TerminalText.presentable(line, colored: false) + "\n")
    }

    /// psrun's own part of the results.
    func print(_ text: String) {
        results.write(text)
    }

    /// The same with something between that is told already, in one piece.
    func print(_ before: String, then source: @escaping @Sendable () -> [UInt8]?, then after: String) {
        results.write(Array(before.utf8), then: source, then: Array(after.utf8))
    }

    func waitForRoom(_ patience: Patience) async {
        await results.waitForRoom(patience)
        await words.waitForRoom(patience)
    }

    /// An error: always told; but for a monitoring server, some of which read standard error as well, and want one line.
    package func complain(_ message: String) {
        let message = TerminalText.presentable(mask.masked(message), colored: false)
        if let night { return night.note(word: message) }
        if format == .nagios, verbosity != .verbose {
            return firstWord.withLock { $0 = $0 ?? message }
        }
        words.write(OutputCharset.shown("psrun: \(message.indentingFurtherLines)\n"))
    }

    /// Worth knowing: not told when quiet.
    package func remark(_ message: String) {
        if verbosity != .quiet { complain(message) }
    }

    /// Told when verbose.
    func detail(_ message: @autoclosure () -> String) {
        if verbosity == .verbose { complain(message()) }
    }

    /// Whether the session's own text goes straight to standard output, as to the screen of whoever entered it: what the
    /// far side tells there was its to tell, and psrun keeps none of it. Not where a secret is held already that the
    /// playbook or the far side could tell.
    var isScreen: Bool { format == .text && isLive && file == nil && !redacts }

    /// Whether the results go into a file of their own.
    var isFile: Bool { file != nil }

    var recordedOutput: RecordedOutput { colored ? .colored : .plain }

    /// A step's result as it may be told in a line.
    func inBrief(_ result: StepResult) -> StepResult { result.inBrief(maskedBy: mask) }

    /// A target's session is over, be it one of several or the only one.
    func note(_ target: TargetInBrief, at index: Int) {
        night?.note(target, at: index)
    }

    /// Whether whoever reads the results is not waited for any more.
    package var hasLostReader: Bool { results.hasLostReader }

    /// For how long whoever reads the results has taken nothing of them.
    package var silence: Duration { results.silence }

    /// What was said last is written even where nobody reads the results: for a moment it is waited for.
    private func lastPatience(behind patience: Patience) async -> Patience {
        guard patience.isOver else { return patience }
        let last = Patience()
        Task {
            try await Task.sleep(for: .milliseconds(100))
            last.end()
        }
        return last
    }

    /// Writes out what is left, and gives `--output` its name.
    /// - Parameters:
    ///   - patience: with whoever reads it.
    ///   - tellLast: says what stands behind the results.
    /// - Returns: whether all results reached their place.
    package func finish(_ patience: Patience = Patience(), _ tellLast: () -> Void = {}) async -> Bool {
        endProgress()
        let failure = await results.flush(patience)
        let published = failure == 0 ? file?.publish() ?? 0 : failure
        // A reader that has read enough is not a failure worth a word.
        if spool.hasLost { complain("not all results could be written: their temporary file cannot be read.") }
        if published == ETIMEDOUT {
            complain("not all results could be written: nobody read them in time.")
        } else if published != 0, published != EPIPE {
            complain("the results could not be written: \(describe(errno: published)).")
        }
        tellLast()
        _ = await words.flush(await lastPatience(behind: patience))
        return published == 0 && !spool.hasLost
    }

    /// Writes the figures of the run to where `--metrics-file` has them.
    /// - Returns: whether they are there.
    package func publishMetrics(of run: RunRecord) -> Bool {
        guard let metrics else { return true }
        let failure = metrics.publish(
            MetricsText.Run(
                playbook: caseClass,
                exitCode: Int32(clamping: run.exitCode ?? 0),
                startedSeconds: run.started?.secondsSince1970 ?? 0,
                durationMicroseconds: run.durationMicroseconds ?? 0
            ),
            figures.withLock { $0 }
        )
        if failure != 0 { complain("the metrics file could not be written: \(describe(errno: failure)).") }
        return failure == 0
    }
}

extension String {
    /// What a far side says in a message must not pass for a message of psrun's own.
    var indentingFurtherLines: String {
        utf8.contains(0x0A) ? split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ") : self
    }
}
