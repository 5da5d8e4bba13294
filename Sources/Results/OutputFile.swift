package import Files
package import PSRunCommandLine

extension AtomicFile {
    /// The file that `--output` names.
    /// - Throws: CommandFailure, usage: it cannot be written.
    package static func output(_ path: String) throws(CommandFailure) -> AtomicFile {
        try named(path, by: "--output")
    }

    /// The file that an option names.
    /// - Throws: CommandFailure, usage: it cannot be written.
    static func named(_ path: String, by option: String) throws(CommandFailure) -> AtomicFile {
        do throws(FileFailure) {
            return try AtomicFile(path)
        } catch {
            throw CommandFailure(.usage, "\(option) \(path) cannot be written: \(error.reason).")
        }
    }
}
