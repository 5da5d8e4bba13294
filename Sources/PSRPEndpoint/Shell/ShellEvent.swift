/// A stream of what runs in the shell.
package enum ShellStream: Sendable, Hashable {
    case output, error
}

/// How a shell ended.
package enum ShellEnd: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
}

/// What the shell's side tells.
package enum ShellEvent: Sendable, Hashable {
    case checked(SyntaxVerdict)
    case output([UInt8], ShellStream)
    /// The line that ran has ended, and all its output has been told.
    case ended(status: Int32)
    /// The same for a line that asked for the end of a session that is kept open.
    case left(status: Int32)
    /// The shell itself has ended; so has the line that ran in it, if one did, and all its output has been told.
    case gone(ShellEnd)
}

/// What is asked of the shell's side.
package enum ShellRequest: Sendable, Hashable {
    /// Whether the text is whole: one `checked` answers.
    case check(String)
    /// Run a text that was found whole: one `ended` or `gone` answers.
    case run(String, lastStatus: Int32, hasInput: Bool)
    /// There is more for the standard input of what runs.
    case input(WaitingInput)
    case endOfInput
    /// Let `exit` end the line alone, as far as the shell can; also in a shell that takes this one's place.
    case stay
    /// End the shell, so that a fresh one serves the next line.
    case restart
    /// Stop what runs: SIGINT, and worse when that does not help.
    case interrupt
}
