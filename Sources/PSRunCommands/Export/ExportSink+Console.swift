import ConsoleText
import ExportFiles
import Files
import PSRunCommandLine
import Results

extension ExportSink {
    /// - Parameter path: what `--output` names; nil is standard output.
    convenience init(path: String?, console: VerbConsole) throws(CommandFailure) {
        if let path {
            self.init(.file(try AtomicFile.output(path), path: path))
        } else {
            self.init(.reader { console.writeExport($0) })
        }
    }
}

extension VerbConsole {
    /// Whatever form it is, a terminal gets text and nothing that it could take for a command.
    fileprivate func writeExport(_ bytes: [UInt8]) -> CommandFailure? {
        let isRead =
            isTerminal
            ? write(TerminalText.presentable(String(decoding: bytes, as: UTF8.self), colored: false))
            : writeBytes(bytes)
        guard !isRead else { return nil }
        return CommandFailure(
            .notAllWell,
            shortcoming ?? "standard output was closed before everything was written."
        )
    }
}
