import Glibc
package import PSRunCommandLine
import SystemErrors

/// A folder for several files.
package enum OutputFolder {
    package static func isThere(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folder where it is missing.
    /// - Throws: CommandFailure, usage.
    package static func make(_ path: String) throws(CommandFailure) {
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        guard code != EEXIST || !isThere(path) else { return }
        throw CommandFailure(.usage, "--output \(path) cannot be created as a folder: \(describe(errno: code)).")
    }
}
