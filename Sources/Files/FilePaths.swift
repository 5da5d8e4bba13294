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
        guard mkdir(path, 0o700) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw SystemError("make folder", path, errno)
        }
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

    /// Gives a file its final name, in place of any that has it.
    package static func rename(_ path: String, to name: String, faults: FileFaults) throws(SystemError) {
        if let code = faults.error(.rename, self.name(of: path)) { throw SystemError("rename", path, code) }
        guard Glibc.rename(path, "\(parent(of: path))/\(name)") == 0 else { throw SystemError("rename", path, errno) }
    }

    /// Gives a file another name beside its own; one that has it already stays.
    package static func link(_ path: String, as name: String) throws(SystemError) {
        guard Glibc.link(path, "\(parent(of: path))/\(name)") == 0 || errno == EEXIST else {
            throw SystemError("link", path, errno)
        }
    }

    /// Makes a file of these bytes, in place of any that has its name, and puts it on disk.
    package static func writeDurably(_ bytes: [UInt8], to path: String, faults: FileFaults) throws(SystemError) {
        try remove(path)
        let file = try File(path, O_WRONLY | O_CREAT | O_EXCL, faults: faults)
        try file.write(bytes)
        try file.sync()
    }

    /// Removes a file; none of that name is as good.
    package static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw SystemError("remove", path, errno) }
    }

    /// Puts a folder's names on disk.
    package static func syncFolder(_ path: String, faults: FileFaults) throws(SystemError) {
        try File(path, O_RDONLY | O_DIRECTORY, faults: faults).sync()
    }
}
