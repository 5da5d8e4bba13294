package import RecordingFormat

/// A step that is not ok, in a line.
package struct StepInBrief: Sendable, Hashable {
    private static let shownText = 60
    private static let shownOutput = 160

    /// What the step asked the session to end with, where that is why it is not ok.
    let exitCode: Int64?
    /// Whether it did not end by itself.
    let isCutOff: Bool
    /// The name of what cut it off; nil where its record does not tell.
    private let failureCode: String?
    /// `line 18`.
    package let title: String
    /// `error, exit code 1`.
    package let ending: String
    /// `line 18, exit code 1`.
    package let short: String
    /// `check /srv: disk /srv is at 93%`; the parts that there are.
    package let detail: String
    /// `line 18 (check /srv): error, exit code 1: disk /srv is at 93%`. Not fit for a terminal yet.
    package let line: String

    /// - Parameter output: what a console showed of it, without colours; nil for what the record has.
    package init(_ step: StepRecord, output: String? = nil) {
        exitCode = step.exitCode.flatMap { $0 == 0 ? nil : $0 }
        isCutOff = step.isCutOff
        failureCode = step.failure?.code
        let code = (step.text ?? "").split(whereSeparator: \.isNewline).first {
            $0.trimmed.first.map { $0 != "#" } ?? false
        }
        let text = Self.firstLine(of: code.map(String.init) ?? step.text ?? "", most: Self.shownText)
        title = step.title ?? "a step"
        let words = [(step.outcome ?? .unknown).rawValue] + step.numbers
        // What cut it off is psrun's own word, and whole.
        let most = isCutOff ? Int.max : Self.shownOutput
        let told = Self.firstLine(of: step.words(shown: output ?? step.output ?? ""), most: most)
        ending = words.joined(separator: ", ")
        let brief = words.count > 1 && words[0] == "error" ? Array(words.dropFirst()) : words
        short = ([title] + brief).joined(separator: ", ")
        detail = [text == title ? "" : text, told].filter { !$0.isEmpty }.joined(separator: ": ")
        line =
            (text.isEmpty || text == title ? title : "\(title) (\(text))") + ": " + words.joined(separator: ", ")
            + (told.isEmpty ? "" : ": \(told)")
    }

    /// Whether it was cut off with its session, which tells why when it ends.
    package var isToldWithSession: Bool {
        isCutOff && failureCode.map { !StepRecord.ownFailures.contains($0) } ?? false
    }

    /// Whether the session's own failure, by its name, says what cut the step off.
    func isTold(by code: String?) -> Bool { isCutOff && (failureCode == nil || failureCode == code) }

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
