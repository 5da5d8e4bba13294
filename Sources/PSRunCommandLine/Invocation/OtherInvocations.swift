/// `psrun endpoint`: a PSRP server on standard input and output.
package struct EndpointInvocation: Sendable, Hashable {
    /// The POSIX shell that runs the lines: a path, or a name looked up in PATH.
    package var shell = "/bin/sh"
    /// Where the session begins; nil for the home folder.
    package var workingDirectory: String?
    /// Whether a virtual machine's channel is served.
    package var servesChannel = false
    /// Which one; nil for the one of psrun's own name.
    package var channelPath: String?

    package init() {}
}

/// `psrun completions SHELL`: prints that shell's completion script, or what the scripts offer.
package enum CompletionsInvocation: Sendable, Hashable {
    package enum Shell: String, Sendable, Hashable, CaseIterable {
        case bash, zsh, fish, powershell
    }

    /// What is asked when somebody presses Tab, a candidate a line.
    package enum Candidates: String, Sendable, Hashable, CaseIterable {
        case hosts, runs, sessions
    }

    case script(Shell)
    case candidates(Candidates)

    /// As the operand names them.
    static let names = Shell.allCases.map(\.rawValue) + Candidates.allCases.map(\.rawValue)
}

/// `psrun manual`: prints the man page's source.
package struct ManualInvocation: Sendable, Hashable {
    package init() {}
}

/// `psrun --help`, `psrun help VERB`, `psrun VERB --help`.
package struct HelpInvocation: Sendable, Hashable {
    /// nil is the overview.
    package var verb: Verb?

    package init(verb: Verb? = nil) {
        self.verb = verb
    }
}
