import Glibc
package import SystemErrors

extension SystemError {
    /// The failure to keep a recording, with the way out of it.
    package var asWriteFailure: RecordingError {
        let wayOut =
            switch code {
            case ENOSPC, EDQUOT: "Free space there, or choose another folder with --recordings."
            case ESTALE: "Leave a run's folder as it is until the run has ended."
            case EAGAIN where path.isEmpty: "Raise `ulimit -u`."
            case EMFILE, ENFILE: "Raise `ulimit -n`."
            case EROFS, EACCES, EPERM: "Choose a folder that you can write to with --recordings."
            default: "Check the disk, or choose another folder with --recordings."
            }
        return RecordingError(
            .writeFailed,
            "The recording cannot be kept: \(text). What was committed before is safe; `psrun recover` seals it. \(wayOut)"
        )
    }

    /// The failure to read a recording.
    package var asReadFailure: RecordingError {
        switch code {
        case ENOENT: RecordingError(.notFound, "There is no recording to read: \(text).")
        case EILSEQ:
            RecordingError(.damaged, "The recording \(path) is damaged: it cannot be decoded. Restore it from a copy.")
        default: RecordingError(.damaged, "The recording cannot be read: \(text).")
        }
    }
}
