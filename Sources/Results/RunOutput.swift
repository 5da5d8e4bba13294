import CLinux
import ConsoleText
import Files
package import Fleet
import Glibc
package import PSRunCommandLine
import Processes
package import RecordingFormat
import Reports
import Sessions
import Synchronization
import SystemErrors
import Terminals
package import Threads

/// Where a run's results and words go.
package final class RunOutput: Sendable {
    package let format: RunInvocation.Output.Format
    /// One target's session is shown as it goes on; those of several when they end.
    let isLive: Bool
    package let isAtTerminal: Bool
    package let colored: Bool
    /// The console's width.
    package let columns: Int
    private let verbosity: RunInvocation.Verbosity
    private let mask: SecretMask
    /// Whether somebody named what is to be redacted.
    private let redacts: Bool
    private let results: OutputWriter
    private let words: OutputWriter
    private let file: AtomicFile?
    /// Takes what would be said on standard error; nil where it is said.
    private let night: (any NightSink)?
    /// Those whose reader may be asked something.
    private let atTerminal: [OutputWriter]
    private let reports = Mutex<[Int: TargetReport]>([:])
    private let summary = Mutex(RunInBrief())
    /// Where results wait that are not written yet.
    let spool: ResultSpool

    /// - Parameter night: takes what would be said; results go to `--output` alone then.
    /// - Throws: CommandFailure where `--output` cannot be written.
    package init(
        _ invocation: RunInvocation,
        targets: Int,
        environment: [String: String],
        mask: SecretMask,
        night: (any NightSink)? = nil
    ) throws(CommandFailure) {
        self.mask = mask
        self.night = night
        spool = ResultSpool(environment: environment)
        redacts = !invocation.redactions.isEmpty
        let output = invocation.output
        format = output.format
        isLive = targets == 1
        verbosity = invocation.verbosity
        let place = output.file ?? (night == nil ? nil : "/dev/null")
        file = if let place { try AtomicFile.output(place) } else { nil }
        isAtTerminal = file == nil && isatty(STDOUT_FILENO) != 0
        colored =
            switch output.color {
            case .always: true
            case .never: false
            case .auto: isAtTerminal && (environment["NO_COLOR"] ?? "").isEmpty
            }
        let width = Int(psrun_terminal_columns(STDOUT_FILENO))
        columns = width > 0 ? width : 120
        results = OutputWriter(descriptor: file?.descriptor ?? STDOUT_FILENO, begins: true)
        words = OutputWriter(descriptor: STDERR_FILENO, begins: true)
        atTerminal = (isAtTerminal ? [results] : []) + (isatty(STDERR_FILENO) != 0 ? [words] : [])
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

    /// An error: always told.
    package func complain(_ message: String) {
        let message = TerminalText.presentable(mask.masked(message), colored: false)
        if let night { return night.note(word: message) }
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
    /// far side tells there was its to tell, and psrun keeps none of it. Whoever names what is to be redacted means a pipe
    /// or a log as well.
    var isScreen: Bool { format == .text && isLive && file == nil && (isAtTerminal || !redacts) }

    /// Whether the results go into a file of their own.
    var isFile: Bool { file != nil }

    /// A step's record, for the formats that machines read.
    func record(of step: StepResult) -> [UInt8] { StepRecord(step, output: recordedOutput).encoded }

    private var recordedOutput: RecordedOutput { colored ? .colored : .plain }

    /// A target's result, for the formats that machines read.
    /// - Parameter steps: their records, with commas between.
    func report(_ result: TargetResult, steps: SpooledBytes, at index: Int) {
        guard format != .text else { return }
        let report = TargetReport(TargetRecord(result, output: recordedOutput), steps: steps)
        if format == .json {
            reports.withLock { $0[index] = report }
        } else {
            results.write([], then: report.source(trailing: [0x0A]).next, then: [])
        }
    }

    /// The run's own result, behind those of its targets.
    package func report(_ run: RunRecord) {
        switch format {
        case .text: break
        case .json:
            let targets = reports.withLock { reports in reports.sorted { $0.key < $1.key }.map(\.value) }
            let sources = targets.enumerated().map { $1.source(leading: $0 == 0 ? [] : [UInt8(ascii: ",")]) }
            let (before, after) = run.aroundTargets
            results.write(before, then: ByteSource.of(sources).next, then: after + [0x0A])
        case .jsonl: results.write(run.encoded + [0x0A])
        }
    }

    /// A step's result as it may be told in a line.
    func inBrief(_ result: StepResult) -> StepResult { result.inBrief(maskedBy: mask) }

    /// One of several targets' sessions is over.
    func summarize(_ target: TargetInBrief, at index: Int) {
        summary.withLock { $0.add(target, at: index) }
    }

    /// A target's session is over, be it one of several or the only one.
    func note(_ target: TargetInBrief, at index: Int) {
        night?.note(target, at: index)
    }

    /// Says what a run of several targets came to; when quiet only what is not well.
    package func tellSummary() {
        let summary = summary.withLock { $0 }
        if let counts = summary.countLine { remark(counts) }
        for line in summary.lines { complain(line) }
    }

    /// Whether whoever reads the results is not waited for any more.
    package var hasLostReader: Bool { results.hasLostReader }

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
    /// - Parameter patience: with whoever reads it.
    /// - Returns: whether all results reached their place.
    package func finish(_ patience: Patience = Patience()) async -> Bool {
        let failure = await results.flush(patience)
        let published = failure == 0 ? file?.publish() ?? 0 : failure
        // A reader that has read enough is not a failure worth a word.
        if spool.hasLost { complain("not all results could be written: their temporary file cannot be read.") }
        if published == ETIMEDOUT {
            complain("not all results could be written: nobody read them in time.")
        } else if published != 0, published != EPIPE {
            complain("the results could not be written: \(describe(errno: published)).")
        }
        _ = await words.flush(await lastPatience(behind: patience))
        return published == 0 && !spool.hasLost
    }
}

extension String {
    /// What a far side says in a message must not pass for a message of psrun's own.
    var indentingFurtherLines: String {
        utf8.contains(0x0A) ? split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ") : self
    }
}
