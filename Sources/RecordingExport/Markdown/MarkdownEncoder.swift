import ConsoleText
package import RecordingFormat

/// Markdown: the run's facts, a table of the targets, and each target's steps with what a console showed.
///
/// All that a far side, a playbook or a file name says stands in code spans and code blocks.
package struct MarkdownEncoder: RecordingEncoder {
    private let summaries: [SessionSummary]
    private var run = ExportedRun(name: "")
    private var next = 0
    private var assembler = StepAssembler()
    /// Whether no line of the session was sent, which is told in its head.
    private var isUnsent = false

    /// - Parameter summaries: of all sessions that will come, in their order.
    package init(summaries: [SessionSummary]) {
        self.summaries = summaries
    }

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        self.run = run
        bytes += "# \(MarkdownText.code(Self.plain(run.name)))\n\n".utf8
        for (name, value) in RunFacts.lines(of: run, summaries) {
            bytes += "- \(name): \(MarkdownText.code(Self.plain(value)))\n".utf8
        }
        bytes += "\n| Target | Outcome | Steps | Took |\n| --- | --- | ---: | ---: |\n".utf8
        for summary in summaries {
            let took = summary.microseconds.map(RunFacts.duration) ?? ""
            bytes += "| \(MarkdownText.code(Self.plain(summary.session.target), inTable: true)) |".utf8
            bytes +=
                " \(MarkdownText.code(Self.plain(summary.ending), inTable: true)) | \(summary.steps) | \(took) |\n"
                .utf8
        }
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        assembler = StepAssembler()
        bytes += "\n## \(MarkdownText.code(Self.plain(session.target)))\n".utf8
        isUnsent = false
        guard next < summaries.count else { return }
        let summary = summaries[next]
        next += 1
        if let message = summary.message {
            bytes += "\n\(MarkdownText.block(Self.plain(message), language: "text"))".utf8
        }
        if let lines = summary.unsentLines {
            isUnsent = true
            bytes += "\n\(LineCount.text(lines)) \(lines == 1 ? "was" : "were") not sent.\n".utf8
        }
        if summary.isTruncated { bytes += "\nThe recording of this session is cut off.\n".utf8 }
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        if let step = assembler.take(event) { append(step, to: &bytes) }
    }

    package mutating func endSession(to bytes: inout [UInt8]) {
        if let step = assembler.finish() { append(step, to: &bytes) }
    }

    private func append(_ step: RecordedStep, to bytes: inout [UInt8]) {
        let output = Self.plain(step.output)
        guard !isUnsent, step.isStep || !output.isEmpty else { return }
        let told = [
            MarkdownText.words(Self.plain(step.outcome?.rawValue ?? "")),
            step.microseconds.map(RunFacts.duration) ?? "",
            step.result.remark.map(MarkdownText.words) ?? "",
        ]
        .filter { !$0.isEmpty }
        let title = Self.plain(step.title.prefix(1).uppercased() + step.title.dropFirst())
        bytes += "\n### \(MarkdownText.words(title))".utf8
        if !told.isEmpty { bytes += ": \(told.joined(separator: ", "))".utf8 }
        bytes += "\n".utf8
        if let message = step.result.failure?.message {
            bytes += "\n\(MarkdownText.code(Self.plain(message)))\n".utf8
        }
        if !step.text.isEmpty {
            let language = run.playbookName?.hasSuffix(".sh") == true ? "sh" : "powershell"
            bytes += "\n\(MarkdownText.block(Self.plain(step.text), language: language))".utf8
        }
        if !output.isEmpty { bytes += "\n\(MarkdownText.block(output, language: "text"))".utf8 }
    }

    private static func plain(_ text: String) -> String {
        TerminalText.presentable(text, colored: false)
    }
}
