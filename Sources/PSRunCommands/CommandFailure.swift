import PSRunCommandLine

/// Why a command ends before it has begun: what is printed, and how the program ends.
struct CommandFailure: Error {
    let code: ExitCode
    /// What was being done, with which file or option, what happened, and the way out.
    let message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
