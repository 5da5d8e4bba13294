package import Files
package import PSRunCommandLine
import Processes
import SystemErrors

/// Where an export's bytes go: standard output, or a file that gets its name when all is written.
package final class ExportSink {
    package enum Destination {
        /// A file; the path is what a message calls it.
        case file(AtomicFile, path: String)
        /// Somebody who reads along; answers why a piece could not be written, nil where it was.
        case reader(write: ([UInt8]) -> CommandFailure?)
    }

    private static let pieceBytes = 1 << 16

    private let destination: Destination
    /// Why writing ended; nil while it works.
    package private(set) var failure: CommandFailure?
    /// What an encoder has appended and nobody has written yet.
    package var pending: [UInt8] = []

    package init(_ destination: Destination) {
        self.destination = destination
        pending.reserveCapacity(2 * Self.pieceBytes)
    }

    /// Whether somebody sees what is written before all of it is.
    package var isShownAtOnce: Bool {
        if case .reader = destination { true } else { false }
    }

    /// Writes what is pending, once it is worth it.
    /// - Returns: false where writing has failed.
    package func drain() -> Bool {
        if pending.count >= Self.pieceBytes { flush() }
        return failure == nil
    }

    /// Writes the rest, and gives the file its name.
    package func finish() throws(CommandFailure) {
        flush()
        if let failure { throw failure }
        guard case .file(let file, let path) = destination else { return }
        let code = file.publish()
        guard code == 0 else { throw Self.failure(of: path, code) }
    }

    private func flush() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard failure == nil, !pending.isEmpty else { return }
        switch destination {
        case .reader(let write): failure = write(pending)
        case .file(let file, let path):
            let code = ThisProcess.failure(ofWriting: pending, to: file.descriptor)
            if code != 0 { failure = Self.failure(of: path, code) }
        }
    }

    private static func failure(of path: String, _ code: Int32) -> CommandFailure {
        CommandFailure(.notAllWell, "\(path) cannot be written: \(describe(errno: code)).")
    }
}
