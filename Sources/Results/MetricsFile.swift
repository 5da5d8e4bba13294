import Files
import PSRunCommandLine
import Processes
import RunFormats

/// The file of `--metrics-file`, which is there whole or as it was. It is written beside its place under a name that does not
/// end in `.prom`, and that the node exporter therefore does not read.
struct MetricsFile: Sendable {
    private let file: AtomicFile
    private let name: String

    /// - Throws: CommandFailure, usage: it cannot be written.
    init(_ path: String) throws(CommandFailure) {
        file = try AtomicFile.named(path, by: "--metrics-file")
        name = String(FilePaths.name(of: path).dropLast(".prom".count))
    }

    /// - Returns: 0, or the error number.
    func publish(_ run: MetricsText.Run, _ figures: RunFigures) -> Int32 {
        let text = MetricsText.text(of: run, figures, file: name)
        let failure = ThisProcess.failure(ofWriting: Array(text.utf8), to: file.descriptor)
        guard failure == 0 else { return failure }
        // The exporter has a user of its own.
        let mode = file.letOthersRead()
        return mode == 0 ? file.publish() : mode
    }
}
