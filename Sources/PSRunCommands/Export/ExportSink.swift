import ConsoleText
import Files
import Glibc
import PSRunCommandLine
import SystemErrors

/// Where an export's bytes go: standard output, or a file that gets its name when all is written.
final class ExportSink {
    private static let pieceBytes = 1 << 16

    private let file: AtomicFile?
    private let path: String
    private let console: VerbConsole
    /// Why writing ended; nil while it works.
    private(set) var failure: CommandFailure?
    /// Whether somebody sees what is written before all of it is.
    var isShownAtOnce: Bool { file == nil }
    /// What an encoder has appended and nobody has written yet.
    var pending: [UInt8] = []

    /// - Parameter path: nil is standard output.
    init(path: String?, console: VerbConsole) throws(CommandFailure) {
        self.path = path ?? "standard output"
        self.console = console
        if let path {
            file = try AtomicFile.output(path)
        } else {
            file = nil
        }
        pending.reserveCapacity(2 * Self.pieceBytes)
    }

    /// Writes what is pending, once it is worth it.
    /// - Returns: false where writing has failed.
    func drain() -> Bool {
        if pending.count >= Self.pieceBytes { flush() }
        return failure == nil
    }

    /// Writes the rest, and gives the file its name.
    func finish() throws(CommandFailure) {
        flush()
        if let failure { throw failure }
        guard let file else { return }
        let code = file.publish()
        guard code == 0 else { throw writeFailure(code) }
    }

    private func flush() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard failure == nil, !pending.isEmpty else { return }
        guard let file else { return flushToConsole() }
        var rest = pending[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return failure = writeFailure(count < 0 ? errno : EIO) }
            rest = rest.dropFirst(count)
        }
    }

    /// Whatever form it is, a terminal gets text and nothing that it could take for a command.
    private func flushToConsole() {
        let isRead =
            console.isTerminal
            ? console.write(TerminalText.presentable(String(decoding: pending, as: UTF8.self), colored: false))
            : console.writeBytes(pending)
        guard !isRead else { return }
        failure = CommandFailure(
            .notAllWell,
            console.shortcoming ?? "standard output was closed before everything was written."
        )
    }

    private func writeFailure(_ code: Int32) -> CommandFailure {
        CommandFailure(.notAllWell, "\(path) cannot be written: \(describe(errno: code)).")
    }
}

/// A folder for several files.
enum OutputFolder {
    static func isThere(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the folder where it is missing.
    /// - Throws: CommandFailure, usage.
    static func make(_ path: String) throws(CommandFailure) {
        guard mkdir(path, 0o777) != 0 else { return }
        let code = errno
        guard code != EEXIST || !isThere(path) else { return }
        throw CommandFailure(.usage, "--output \(path) cannot be created as a folder: \(describe(errno: code)).")
    }
}
