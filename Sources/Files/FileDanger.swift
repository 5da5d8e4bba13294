import Glibc

/// Whether anybody at all could change what this process is about to run, or whose commands it is about to run.
///
/// For the end of a sentence, with the mode and the way out; nil where there is no danger. Blocks for as long as the file
/// system takes.
package enum FileDanger {
    /// Of a file: it, and the folder that it is found in.
    package static func ofFile(_ path: String) -> String? {
        let folder = FilePaths.parent(of: path)
        // Where the sticky bit is set, as in /tmp, nobody replaces another's file.
        return danger(of: path) ?? (isSticky(folder) ? nil : danger(of: folder))
    }

    /// Of a folder all of whose files count: the sticky bit does not keep others from putting one there.
    package static func ofFolder(_ path: String) -> String? { danger(of: path) }

    private static func danger(of path: String) -> String? {
        guard let mode = mode(of: path), mode & 0o002 != 0 else { return nil }
        let shown = String(mode & 0o7777, radix: 8)
        return "anybody may write to \(path) (mode \(shown)), and so have commands run here; run chmod o-w \(path)"
    }

    private static func isSticky(_ folder: String) -> Bool { mode(of: folder).map { $0 & S_ISVTX != 0 } ?? false }

    private static func mode(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
