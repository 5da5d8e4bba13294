import Glibc
import PSRunCommandLine
import SystemErrors

/// A file that is there whole, or not at all: written beside its place and renamed into it.
final class AtomicFile: Sendable {
    let descriptor: Int32
    private let path: String
    private let part: String

    /// - Throws: CommandFailure, usage: the folder is not there or cannot be written, or the path is a folder's.
    init(_ path: String) throws(CommandFailure) {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
            throw CommandFailure(.usage, "--output \(path) cannot be written: it is a folder. Name a file.")
        }
        self.path = path
        part = "\(path).\(getpid()).part"
        descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw CommandFailure(.usage, "--output \(path) cannot be written: \(describe(errno: errno)).")
        }
    }

    deinit {
        close(descriptor)
        unlink(part)
    }

    /// Gives the file its name, once all is written.
    /// - Returns: 0, or the error number.
    func publish() -> Int32 {
        guard fsync(descriptor) == 0 || errno == EINVAL, rename(part, path) == 0 else { return errno }
        return 0
    }
}
