import CLinux
import Glibc
package import SystemErrors

/// A folder that is held open: what is done to a name in it is done in this folder, whatever has its path by now. Its names
/// are names and not paths, and a symbolic link among them is never followed.
package final class Folder: Sendable {
    package let path: String
    let descriptor: Int32
    package let faults: FileFaults
    package let identity: FileIdentity
    /// Whose it is.
    package let owner: UInt32
    /// Whether every user may remove or replace what is in it (S_IWOTH without S_ISVTX): mode 777, and not 1777.
    package let isOpenToAll: Bool

    /// Opens the folder of a path, which may have links in it.
    package convenience init(_ path: String, faults: FileFaults = .none) throws(SystemError) {
        let number = open(path, Self.flags)
        let code = errno
        try self.init(number, code, path, faults)
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC

    private init(_ descriptor: Int32, _ code: Int32, _ path: String, _ faults: FileFaults) throws(SystemError) {
        guard descriptor >= 0 else { throw SystemError("open folder", path, code) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError("stat", path, code)
        }
        self.path = path
        self.descriptor = descriptor
        self.faults = faults
        identity = FileIdentity(status)
        owner = status.st_uid
        isOpenToAll = status.st_mode & 0o1002 == 0o002
    }

    deinit {
        close(descriptor)
    }

    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Where the folder is now, as far as the kernel tells.
    package var presentPath: String { FilePaths.target(ofLink: "/proc/self/fd/\(descriptor)") ?? path }

    /// Whether its path still leads to it.
    package var isInPlace: Bool {
        var status = stat()
        return stat(path, &status) == 0 && FileIdentity(status) == identity
    }

    /// Says that the folder is being filled, until `release` or the end of this object (flock(2)); blocks while somebody
    /// looks.
    package func claim() {
        while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
    }

    package func release() {
        flock(descriptor, LOCK_UN)
    }

    /// Whether somebody says that he is filling the folder of a path.
    package static func isClaimed(_ path: String) -> Bool {
        let number = open(path, flags | O_NOFOLLOW)
        guard number >= 0 else { return false }
        defer { close(number) }
        return flock(number, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    // MARK: What is in it

    /// Opens a folder in this one.
    package func folder(_ name: String) throws(SystemError) -> Folder {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        let path = path(of: name)
        let number = openat(descriptor, name, Self.flags | O_NOFOLLOW)
        let code = errno
        return try Folder(number, code, path, faults)
    }

    /// Makes a folder in this one, 0700 whatever umask(2) says.
    /// - Throws: `SystemError`, EEXIST where there is one.
    package func makeFolder(_ name: String) throws(SystemError) -> Folder {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        guard mkdirat(descriptor, name, 0o700) == 0 else { throw SystemError("make folder", path(of: name), errno) }
        try FilePaths.openUp(path(of: name), at: descriptor, name)
        return try folder(name)
    }

    package func file(_ name: String, _ flags: Int32) throws(SystemError) -> File {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        return try File(name, in: self, flags)
    }

    package func exists(_ name: String) -> Bool { identity(of: name) != nil }

    /// Which file has that name; nil where none has.
    package func identity(of name: String) -> FileIdentity? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? FileIdentity(status) : nil
    }

    // MARK: What is done to names

    /// Gives a file its final name, in place of any that has it.
    package func rename(_ name: String, to other: String) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        if let code = faults.error(.rename, name) { throw SystemError("rename", path(of: name), code) }
        guard renameat(descriptor, name, descriptor, other) == 0 else {
            throw SystemError("rename", path(of: name), errno)
        }
    }

    /// Gives an open file of this folder its final name, and makes sure that it is this very file that got it.
    package func publish(_ file: File, as other: String) throws(SystemError) {
        let name = FilePaths.name(of: file.path)
        try require(file, at: name)
        try rename(name, to: other)
        try require(file, at: other)
    }

    private func require(_ file: File, at name: String) throws(SystemError) {
        guard identity(of: name) == file.identity else {
            throw SystemError("publish", path(of: name), ESTALE, reason: "another file has taken its place")
        }
    }

    /// Gives a file another name beside its own; one that has it already stays.
    package func link(_ name: String, as other: String) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        guard linkat(descriptor, name, descriptor, other, 0) == 0 || errno == EEXIST else {
            throw SystemError("link", path(of: name), errno)
        }
    }

    /// Makes a file of these bytes, in place of any that has its name, and puts it on disk.
    @discardableResult
    package func writeDurably(_ bytes: [UInt8], to name: String) throws(SystemError) -> File {
        try remove(name)
        let file = try file(name, O_RDWR | O_CREAT | O_EXCL)
        try file.write(bytes)
        try file.sync()
        return file
    }

    /// Removes a file; none of that name is as good.
    package func remove(_ name: String) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
            throw SystemError("remove", path(of: name), errno)
        }
    }

    /// Finds out whether so many bytes can be written here: takes them, under a name of its own, and gives them back.
    /// - Throws: `SystemError`, ENOSPC or EDQUOT where they cannot. Where the file system cannot tell, nothing is known.
    package func requireRoom(_ bytes: Int) throws(SystemError) {
        let name = "room.part"
        let number = openat(descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw SystemError("open", path(of: name), errno) }
        let code = psrun_take_room(number, bytes) == 0 ? 0 : errno
        close(number)
        try remove(name)
        guard [ENOSPC, EDQUOT].contains(code) else { return }
        throw SystemError("reserve \(bytes) bytes in", path, code)
    }

    /// Removes an empty folder.
    package func removeFolder(_ name: String) throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        guard unlinkat(descriptor, name, AT_REMOVEDIR) == 0 else {
            throw SystemError("remove folder", path(of: name), errno)
        }
    }

    /// Puts the folder's names on disk.
    package func sync() throws(SystemError) {
        let wait = DiskWait.begin()
        defer { DiskWait.end(wait) }
        if let code = faults.error(.sync, FilePaths.name(of: path)) { throw SystemError("fsync", path, code) }
        guard fsync(descriptor) == 0 else { throw SystemError("fsync", path, errno) }
    }
}
