/// What cut a session's playbook into blocks.
package enum BlockCutter: Sendable, Hashable {
    /// The far side's parser, at once.
    case parser
    /// The far side's parser, line by line.
    case incremental(IncrementalReason)
    /// Blank lines.
    case console

    /// The name in a recording and in machine-readable results.
    package var name: String {
        switch self {
        case .parser: "parser"
        case .incremental: "incremental"
        case .console: "console"
        }
    }

    /// For a person, behind "blocks end".
    package var text: String {
        switch self {
        case .parser: "where the far side's parser says, which was asked for the whole playbook"
        case .incremental(let reason): "where the far side takes the lines so far as whole, since \(reason.text)"
        case .console: "at blank lines"
        }
    }
}

/// Why the far side's parser cut line by line.
package enum IncrementalReason: Sendable, Hashable {
    /// It was wished.
    case option
    /// A shell has no parser that could be asked.
    case posixShell
    /// The text is too large for one question.
    case tooLarge(bytes: Int)
    /// The session may not ask its parser: `ConstrainedLanguage`.
    case languageMode(String)
    /// The question failed with an error of that name, or nothing came of it.
    case notAnswered(String?)

    /// For a person, as the end of a sentence.
    package var text: String {
        switch self {
        case .option: "--blocks incremental says so"
        case .posixShell: "a POSIX shell cannot be asked for a whole playbook"
        case .tooLarge(let bytes): "the playbook has \(bytes) bytes, too many for one question"
        case .languageMode(let mode): "the session is in \(mode)"
        case .notAnswered(let error?): "the far side's parser could not be asked (\(error))"
        case .notAnswered(nil): "the far side did not say where blocks end"
        }
    }
}
