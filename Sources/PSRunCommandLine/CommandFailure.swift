/// Why a command ends before it has begun: what is printed, and how the program ends.
package struct CommandFailure: Error {
    package let code: ExitCode
    /// What was being done, with which file or option, what happened, and the way out.
    package let message: String

    package init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// What is told where psrun runs in a folder that was removed (getcwd: ENOENT).
    package static let noWorkingFolder = CommandFailure(
        .usage,
        "The working folder is not there any more; call psrun from another."
    )
}
