package import Connections

/// The phases of a driven shell, behind those of what carries it.
extension ConnectionPhase {
    /// From the command that starts the shell to its first word.
    package static let shell = ConnectionPhase(
        "shell",
        position: 82,
        activity: "waiting for the shell's first word",
        suspicion: "start-up files of the login shell do not end, or /bin/sh there does not answer"
    )
    /// The start of what stops the shell's commands and ends what they leave.
    package static let shellGuard = ConnectionPhase("guard", position: 84, activity: "starting the shell's guard")
}

extension TransportError.Code {
    /// The shell there is one that is not driven, or ended before it served.
    package static let shellUnusable = Self(rawValue: "ShellUnusable")
}
