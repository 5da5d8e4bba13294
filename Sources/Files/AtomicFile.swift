import Glibc

/// A file that is there whole, or not at all: written beside its place and renamed into it, and no more open to others
/// than the file that was there. What is not a regular file (a device, a FIFO, a terminal) keeps its place and is written as
/// it is.
package final class AtomicFile: Sendable {
    package let descriptor: Int32
    private let path: String
    /// nil where what was opened is written as it is.
    private let part: String?
    /// Whether a file was there before.
    private let isThere: Bool

    /// - Throws: `FileFailure`: the folder is not there or cannot be written, or the path is a folder's.
    package init(_ path: String) throws(FileFailure) {
        var status = stat()
        // Opened as a shell would, so that a link is followed wherever the system lets it be, and nowhere else; but for a
        // FIFO that nobody reads, which would be waited for.
        let present = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        let code = errno
        if present >= 0 { _ = fcntl(present, F_SETFL, fcntl(present, F_GETFL) & ~O_NONBLOCK) }
        let isThere = present >= 0 ? fstat(present, &status) == 0 : stat(path, &status) == 0
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else {
            guard present >= 0 else { throw Self.failure(code) }
            (descriptor, self.path, part, self.isThere) = (present, path, nil, true)
            return
        }
        let place = present >= 0 ? Self.ownPath(path) : path
        if present >= 0 { close(present) }
        (descriptor, self.part) = try Self.create(place, mode: isThere ? 0o666 & status.st_mode : 0o666)
        self.path = place
        self.isThere = isThere
        // Whoever might read it may read it still, whatever the umask.
        if isThere { _ = fchmod(descriptor, 0o666 & status.st_mode) }
    }

    /// Makes the file that becomes this one. Names are left over where a process of the same number was killed.
    private static func create(_ place: String, mode: mode_t) throws(FileFailure) -> (Int32, String) {
        for attempt in 0..<tries {
            let part = "\(place).\(getpid())\(attempt == 0 ? "" : "-\(attempt)").part"
            let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
            if descriptor >= 0 { return (descriptor, part) }
            guard errno == EEXIST else { break }
        }
        throw failure(errno)
    }

    private static let tries = 16

    /// Lets everybody read a file that was not there before, whatever the umask: for what a service of another user reads.
    /// - Returns: 0, or the error number.
    package func letOthersRead() -> Int32 {
        guard part != nil, !isThere else { return 0 }
        return fchmod(descriptor, 0o644) == 0 ? 0 : errno
    }

    deinit {
        close(descriptor)
        if let part { unlink(part) }
    }

    /// Gives the file its name, once all is written.
    /// - Returns: 0, or the error number.
    package func publish() -> Int32 {
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { return errno }
        guard let part, rename(part, path) != 0 else { return 0 }
        return errno
    }

    /// Where a file lies, behind all links.
    private static func ownPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func failure(_ code: Int32) -> FileFailure {
        switch code {
        case EISDIR: FileFailure("it is a folder; name a file")
        case ENXIO: FileFailure("nobody reads from it")
        default: FileFailure(errno: code)
        }
    }
}
