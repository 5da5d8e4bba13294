package import PSRunCommandLine
package import Recording

extension RecordingError {
    /// How a verb on recordings ends for it.
    package var exitCode: ExitCode {
        switch code {
        case .folderUnusable, .notFound, .ambiguous, .signing: .usage
        case .writeFailed, .witness: .recordingLost
        case .damaged: .notAllWell
        case .truncated, .unsealed: .recordingNotWhole
        case .running: .locked
        }
    }
}
