/// What a target's record says of its session's end, in the words that every report has for it.
extension TargetRecord {
    /// Whether all went well: the session lasted, its steps were ok, and it asked for no exit code but 0.
    package var isWell: Bool {
        outcome == .ok && exitCode ?? 0 == 0 && !isTruncated && json[.well]?.bool != false
    }

    /// The outcome, in doubt the worse one: psrun 0.1.0 recorded `ok` of a session that asked for an exit code other than 0.
    package var judgedOutcome: RecordedOutcome {
        guard let outcome else { return .unknown }
        return outcome == .ok && !isWell ? .error : outcome
    }

    /// How many lines of the playbook were not sent; nil where the record does not say.
    package var linesNotSent: Int? { json[.linesNotSent]?.integer.flatMap(Int.init(exactly:)) }

    /// `ok`, `error, exit 1, 2 lines not sent`, `unreachable, 33 lines not sent`.
    /// - Parameter counted: lines not sent, for a record that does not say how many.
    package func ending(counted: Int = 0) -> String {
        var words = [judgedOutcome.rawValue + (isTruncated ? " (truncated)" : "")]
        if let exitCode, exitCode != 0 { words.append("exit \(exitCode)") }
        let lines = linesNotSent ?? counted
        if lines > 0 { words.append("\(LineCount.text(lines)) not sent") }
        return words.joined(separator: ", ")
    }

    /// Why the session is not well, and what of the playbook it left out; nothing where it is well.
    /// - Parameter counted: lines not sent, for a record that does not say how many.
    package func lastWords(counted: Int = 0) -> [String] {
        guard !isWell else { return [] }
        var words: [String] = []
        if let message = failure?.message {
            words.append(message)
        } else if let exitCode, exitCode != 0 {
            words.append("the session ended with exit code \(exitCode)")
        }
        let lines = linesNotSent ?? counted
        if lines > 0 { words.append("\(LineCount.text(lines)) \(lines == 1 ? "was" : "were") not sent") }
        return words
    }

    /// The last words as a console shows them, a line each; empty where there are none.
    package func consoleText(counted: Int = 0) -> String {
        lastWords(counted: counted).map { words in
            // What a far side says in a message must not pass for words of psrun's own.
            let lines = words.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return "psrun: " + lines.joined(separator: "\n  ") + "\n"
        }
        .joined()
    }
}

/// A number of lines in words.
package enum LineCount {
    /// `1 line`, `2 lines`.
    package static func text(_ count: Int) -> String { "\(count) \(count == 1 ? "line" : "lines")" }
}

/// Follows a session's events, for whoever tells at its end why it did not go well.
package struct SessionEnding: Sendable {
    private var hasStep = false
    private var hasShown = false
    /// Lines of the playbook that were not sent, of the steps so far.
    package private(set) var linesNotSent = 0

    package init() {}

    /// The codes of the events that it needs.
    package static func isWanted(_ code: RecordedCode) -> Bool {
        switch code {
        case .marker, .output, .step: true
        default: false
        }
    }

    package mutating func take(_ event: RecordedEvent) {
        note(event.code)
        guard event.code == .step, let step = StepRecord(parsing: event.data.utf8), step.isLeftOut else { return }
        linesNotSent += min(step.lineCount, Int(Int32.max) - linesNotSent)
    }

    /// Takes an event of which only the code counts: any but a step's result.
    package mutating func note(_ code: RecordedCode) {
        if code == .marker { hasStep = true }
        if code == .output { hasShown = true }
    }

    /// Whether the console has told why nothing was sent.
    package var isTold: Bool { !hasStep && hasShown }

    /// Why the session is not well, where its console has not told it: it has where nothing was sent, so that it does not
    /// play empty elsewhere, but for recordings of psrun 0.1.0.
    package func lastWords(of result: TargetRecord) -> [String] {
        isTold ? [] : result.lastWords(counted: linesNotSent)
    }

    /// The same as a console shows it, a line each; empty for nothing.
    package func consoleText(of result: TargetRecord) -> String {
        isTold ? "" : result.consoleText(counted: linesNotSent)
    }
}
