import Glibc

/// A stream of what runs in the shell.
package enum ShellStream: Sendable, Hashable {
    case output, error
}

/// How a shell ended.
package enum ShellEnd: Sendable, Hashable {
    case exited(Int32)
    case killed(signal: Int32)
    /// Whoever tells it writes a signal as a shell does, as 128 and its number: so may a line that exits.
    case exitedOrKilled(status: Int32)

    /// For a status of which nothing else is known.
    package init(statusOfSomeShell status: Int32) {
        self = SignalNames.all[status - 128] == nil ? .exited(status) : .exitedOrKilled(status: status)
    }

    /// A clause; of a shell.
    var words: String {
        switch self {
        case .exited(let status): "has exited with status \(status)"
        case .killed(let signal): "was killed by \(SignalNames.words(for: signal))"
        case .exitedOrKilled(let status):
            "ended with status \(status): \(SignalNames.words(for: status - 128)) killed it, or what ran exited so"
        }
    }
}

/// The signals that end a shell which does not handle them (signal(7)).
private enum SignalNames {
    static let all: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT",
        SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1", SIGSEGV: "SIGSEGV",
        SIGUSR2: "SIGUSR2",
        SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
        SIGSYS: "SIGSYS",
    ]

    static func words(for signal: Int32) -> String {
        guard signal > 0 else { return "a signal" }
        return "signal \(signal)" + (all[signal].map { " (\($0))" } ?? "")
    }
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
