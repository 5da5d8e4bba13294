package import RecordingFormat

/// A step that is not ok, in a line.
package struct StepInBrief: Sendable, Hashable {
    private static let shownText = 60
    private static let shownOutput = 160

    /// What the step asked the session to end with, where that is why it is not ok.
    let exitCode: Int64?
    /// Whether it did not end by itself.
    let isCutOff: Bool
    /// `line 18 (check /srv): error, exit code 1: disk /srv is at 93%`. Not fit for a terminal yet.
    package let line: String

    /// - Parameter output: what a console showed of it, without colours; nil for what the record has.
    package init(_ step: StepRecord, output: String? = nil) {
        exitCode = step.exitCode.flatMap { $0 == 0 ? nil : $0 }
        isCutOff = step.outcome == .stopped || step.outcome == .unknown
        let text = Self.firstLine(of: step.text ?? "", most: Self.shownText)
        let title = step.title ?? "a step"
        var words = [(step.outcome ?? .unknown).rawValue]
        if let exitCode {
            words.append("asked for exit code \(exitCode)")
        } else if let code = step.lastExitCode, code != 0 {
            words.append("exit code \(code)")
        }
        if step.wasAlreadyFalse { words.append("$? was already False") }
        let told = Self.firstLine(of: output ?? step.output ?? "", most: Self.shownOutput)
        line =
            (text.isEmpty || text == title ? title : "\(title) (\(text))") + ": " + words.joined(separator: ", ")
            + (told.isEmpty ? "" : ": \(told)")
    }

    /// The first line with something on it, its blanks at both ends left out, cut where it is long.
    private static func firstLine(of text: String, most: Int) -> String {
        let lines = text.split(whereSeparator: \.isNewline).lazy
        guard let line = lines.map({ $0.trimmed }).first(where: { !$0.isEmpty }) else { return "" }
        return line.count > most ? line.prefix(most) + "…" : String(line)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        return start[..<(start.lastIndex { $0 != " " && $0 != "\t" }.map(start.index(after:)) ?? start.startIndex)]
    }
}
