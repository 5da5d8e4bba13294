import CLinux
import Glibc
package import SystemErrors

/// An open file or folder; closed with its last reference.
package final class File: Sendable {
    package let path: String
    private let descriptor: Int32
    private let faults: FileFaults
    private let name: String
    /// Which file it is, under any name.
    package let identity: FileIdentity
    /// Whose it was when it was opened, and what chmod(1) called its mode.
    package let owner: UInt32
    package let mode: UInt32

    /// Opens `path`, a regular file or a folder, with open(2)'s flags and O_CLOEXEC added; a new file is 0600.
    /// - Parameter followsLinks: whether the path may be a symbolic link. Nothing of a recording is.
    package convenience init(
        _ path: String,
        _ flags: Int32,
        followsLinks: Bool = false,
        faults: FileFaults = .none
    ) throws(SystemError) {
        let number = open(path, flags | Self.added | (followsLinks ? 0 : O_NOFOLLOW), 0o600)
        let code = errno
        try self.init(number, code, flags, path, faults)
    }

    /// Opens a file of a folder that is held open, wherever that lies by now; a symbolic link is not followed.
    convenience init(_ name: String, in folder: Folder, _ flags: Int32) throws(SystemError) {
        let path = folder.path(of: name)
        let number = openat(folder.descriptor, name, flags | Self.added | O_NOFOLLOW, 0o600)
        let code = errno
        try self.init(number, code, flags, path, folder.faults)
    }

    /// A FIFO that somebody put in a file's place would be waited for without O_NONBLOCK.
    private static let added = O_CLOEXEC | O_NONBLOCK

    /// - Parameters:
    ///   - descriptor: below 0 where opening failed with `code`.
    ///   - flags: as it was opened with.
    private init(
        _ descriptor: Int32,
        _ code: Int32,
        _ flags: Int32,
        _ path: String,
        _ faults: FileFaults
    ) throws(SystemError) {
        guard descriptor >= 0 else {
            // O_NOFOLLOW says so of a link at the path's end.
            guard code == ELOOP, FilePaths.isLink(path) else { throw SystemError("open", path, code) }
            throw SystemError("open", path, code, reason: "it is a symbolic link")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
            close(descriptor)
            throw SystemError("open", path, EINVAL, reason: "it is not a regular file")
        }
        // A new file's mode is its own, whatever umask(2) takes away.
        if flags & O_EXCL != 0, status.st_mode & 0o777 != 0o600, fchmod(descriptor, 0o600) != 0 {
            let code = errno
            close(descriptor)
            throw SystemError("change the mode of", path, code)
        }
        self.path = path
        name = FilePaths.name(of: path)
        self.descriptor = descriptor
        self.faults = faults
        identity = FileIdentity(status)
        owner = status.st_uid
        mode = status.st_mode & 0o777
    }

    deinit {
        close(descriptor)
    }

    /// Writes all bytes at the file's position, or at its end where it was opened so.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        try check(.write, "write")
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write", path, count < 0 ? errno : ENOSPC) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var result: Result<Void, SystemError> = .success(())
        bytes.withUnsafeBytes { raw in
            do throws(SystemError) { try write(raw) } catch { result = .failure(error) }
        }
        try result.get()
    }

    /// Writes all bytes at an offset.
    package func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset) + off_t(done))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write", path, count < 0 ? errno : ENOSPC) }
            done += count
        }
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the file's end.
    package func read(_ count: Int, at offset: UInt64) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Fills a buffer from `offset` on.
    /// - Returns: how many bytes were read; fewer than there is room for only at the file's end.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read", path, errno) }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    package var size: UInt64 {
        get throws(SystemError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw SystemError("stat", path, errno) }
            return UInt64(status.st_size)
        }
    }

    /// Cuts the file off behind so many bytes.
    package func truncate(to size: UInt64) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemError("truncate", path, errno) }
    }

    /// Puts all written bytes, and what it takes to find them again, on disk (fdatasync(2)).
    package func syncData() throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        try check(.sync, "fdatasync")
        guard fdatasync(descriptor) == 0 else { throw SystemError("fdatasync", path, errno) }
    }

    /// Puts all written bytes and all the file's attributes on disk (fsync(2)).
    package func sync() throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        try check(.sync, "fsync")
        guard fsync(descriptor) == 0 else { throw SystemError("fsync", path, errno) }
    }

    /// Takes the file's lock for this open file, until it is closed or the process ends, however it ends.
    /// - Returns: false where another has it.
    package func lock() throws(SystemError) -> Bool {
        guard psrun_lock_file(descriptor) != 0 else { return true }
        guard errno == EAGAIN || errno == EACCES else { throw SystemError("lock", path, errno) }
        return false
    }

    /// Whether another open file has the lock.
    package var isLocked: Bool {
        get throws(SystemError) {
            let answer = psrun_is_file_locked(descriptor)
            guard answer >= 0 else { throw SystemError("ask for the lock of", path, errno) }
            return answer == 1
        }
    }

    private func check(_ operation: FileFaults.Operation, _ action: String) throws(SystemError) {
        if let code = faults.error(operation, name) { throw SystemError(action, path, code) }
    }
}
