package import Files
package import PSRunCommandLine

extension FileFailure {
    /// How psrun ends for a file that a run needs.
    package var exitCode: ExitCode { isLate ? .timedOut : .usage }
}
