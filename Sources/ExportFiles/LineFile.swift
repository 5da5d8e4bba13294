import Files
import Glibc
package import PSRunCommandLine
import RecordingFormat
import SystemErrors

/// A regular file, read line by line as often as wanted.
package final class LineFile: Sendable {
    private static let pieceBytes = 1 << 16
    package let path: String
    package let size: UInt64
    private let file: File
    private let longestLine: Int

    /// - Parameter longestLine: in bytes; a longer one ends the reading.
    /// - Throws: CommandFailure, usage.
    package init(_ path: String, longestLine: Int = RecordingBound.entryLine.bytes) throws(CommandFailure) {
        self.path = path
        self.longestLine = longestLine
        do throws(SystemError) {
            file = try File(path, O_RDONLY, followsLinks: true)
            size = try file.size
        } catch {
            throw Self.failure(path, error.code)
        }
        guard !FilePaths.isFolder(path) else { throw Self.failure(path, EINVAL) }
    }

    /// Hands out the lines of a part of the file, each with its line end where it has one, its number in that part from
    /// 1, and where it lies in the file, until `body` answers false.
    package func forEachLine(
        in part: Range<UInt64>,
        _ body: (ArraySlice<UInt8>, _ number: Int, _ bytes: Range<UInt64>) throws(CommandFailure) -> Bool
    ) throws(CommandFailure) {
        var splitter = CastLineSplitter()
        var offset = part.lowerBound
        var lineStart = part.lowerBound
        var number = 0
        while offset < part.upperBound {
            let piece = try read(at: offset, atMost: Int(min(UInt64(Self.pieceBytes), part.upperBound - offset)))
            guard !piece.isEmpty else { break }
            offset += UInt64(piece.count)
            splitter.receive(piece)
            while let line = splitter.nextLine() {
                number += 1
                try requireShort(line.count, number)
                let lineEnd = lineStart + UInt64(line.count)
                guard try body(line, number, lineStart..<lineEnd) else { return }
                lineStart = lineEnd
            }
            try requireShort(splitter.rest.count, number + 1)
        }
        guard !splitter.rest.isEmpty else { return }
        _ = try body(splitter.rest, number + 1, lineStart..<lineStart + UInt64(splitter.rest.count))
    }

    private func requireShort(_ count: Int, _ number: Int) throws(CommandFailure) {
        guard count <= longestLine else { throw failure(line: number, "it has more than \(longestLine) bytes") }
    }

    package func failure(line: Int, _ what: String) -> CommandFailure {
        CommandFailure(.usage, "--from \(path), line \(line): \(what).")
    }

    private func read(at offset: UInt64, atMost count: Int) throws(CommandFailure) -> [UInt8] {
        do throws(SystemError) { return try file.read(count, at: offset) } catch {
            throw Self.failure(path, error.code)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        guard code != EINVAL else {
            return CommandFailure(.usage, "--from \(path) is not a regular file: export reads it more than once.")
        }
        return CommandFailure(.usage, "--from \(path) cannot be read: \(describe(errno: code)).")
    }
}
