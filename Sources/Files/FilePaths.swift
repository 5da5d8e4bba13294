import Glibc
package import SystemErrors

/// What has to be asked of, or done to, names in the file system.
package enum FilePaths {
    /// The part behind the last slash.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The part before the last slash; `.` where there is none.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The folder that this process is in; nil where it is not there any more.
    package static var workingFolder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(validatingCString: path)
    }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether this user and root alone may change what is in a folder.
    package static func isOwnFolder(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        return (status.st_uid == 0 || status.st_uid == getuid()) && status.st_mode & 0o022 == 0
    }

    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// When a file or folder was last changed, in nanoseconds since 1970; 0 where that cannot be told.
    package static func modificationNanoseconds(_ path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        // Whoever may write there may set any time.
        let (seconds, overflow) = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds.addingReportingOverflow(Int64(status.st_mtim.tv_nsec)).partialValue
    }

    /// Makes a folder, 0700, and those above it that are missing.
    package static func makeFolder(_ path: String) throws(SystemError) {
        guard !isFolder(path) else { return }
        let parent = parent(of: path)
        if parent != path, !isFolder(parent) { try makeFolder(parent) }
        guard mkdir(path, 0o700) == 0 else {
            let code = errno
            guard code == EEXIST && isFolder(path) else { throw SystemError("make folder", path, code) }
            return
        }
        try openUp(path, at: AT_FDCWD, path)
    }

    /// O_PATH, which the C library keeps for GNU sources: it takes no right to read.
    private static let pathOnly: Int32 = 0o10000000

    /// A file that is only looked at, itself where it is a link (O_PATH, O_NOFOLLOW of open(2)).
    package static func look(at path: String) throws(SystemError) -> FileDescriptor {
        let number = open(path, pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open", path, errno) }
        return FileDescriptor(owning: number)
    }

    /// Gives a folder that was just made the mode 0700 where umask(2) took some of that away.
    static func openUp(_ path: String, at folder: Int32, _ name: String) throws(SystemError) {
        let number = openat(folder, name, pathOnly | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open folder", path, errno) }
        defer { close(number) }
        var status = stat()
        guard fstat(number, &status) == 0 else { throw SystemError("stat", path, errno) }
        guard status.st_mode & 0o700 != 0o700 else { return }
        guard chmod("/proc/self/fd/\(number)", 0o700) == 0 else {
            throw SystemError("change the mode of", path, errno)
        }
    }

    /// The path from the root, without links; nil where there is nothing of that name.
    package static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// What a symbolic link leads to; nil where it is not one.
    package static func target(ofLink path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { buffer in
            buffer.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), buffer.count) } ?? 0
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    /// Whether a name is a symbolic link's.
    package static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The names in a folder, without `.` and `..`, in the order of their bytes.
    package static func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = opendir(folder) else { throw SystemError("open folder", folder, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = dirent.name(of: entry)
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
