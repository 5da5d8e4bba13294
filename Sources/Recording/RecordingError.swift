/// Why a recording could not be kept or read.
package struct RecordingError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case folderUnusable = "RecordingsFolderUnusable"
        case writeFailed = "RecordingWriteFailed"
        case notFound = "RunNotFound"
        case ambiguous = "RunAmbiguous"
        case damaged = "RecordingDamaged"
        case truncated = "RecordingTruncated"
        case unsealed = "RecordingUnsealed"
        case running = "RunStillRunning"
        /// A key cannot sign, or what it signs cannot be checked.
        case signing = "SigningFailed"
        /// The chain's head did not get to where it was to be kept.
        case witness = "HeadNotWitnessed"
    }

    package let code: Code
    /// What was being done, to which file, what happened, and the way out.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The run was to end, and the disk of its recording did not answer.
    package static func diskIsSilent(_ folder: String, _ patience: Duration) -> RecordingError {
        let milliseconds = patience.components.seconds * 1_000 + patience.components.attoseconds / 1_000_000_000_000_000
        return RecordingError(
            .writeFailed,
            "The recording cannot be kept: the disk of \(folder) has not answered for \(milliseconds) ms, and the run was to "
                + "end, so it was not waited for any longer (--grace). What was committed before is safe; see what that disk "
                + "waits for, and then `psrun recover` seals it."
        )
    }
}
