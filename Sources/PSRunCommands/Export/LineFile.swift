import Glibc
import PSRunCommandLine
import RecordingFormat
import SystemErrors

/// A regular file, read line by line as often as wanted.
final class LineFile: Sendable {
    private static let pieceBytes = 1 << 16
    /// No line of a recording is longer.
    private static let lineBytes = 512 << 20

    let path: String
    let size: UInt64
    private let descriptor: Int32

    /// - Throws: CommandFailure, usage.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else {
            throw CommandFailure(.usage, "--from \(path) cannot be read: \(describe(errno: errno)).")
        }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw CommandFailure(.usage, "--from \(path) is no file: export reads it more than once.")
        }
        descriptor = opened
        size = UInt64(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Hands out the lines of a part of the file, each with its line end where it has one, its number in that part from
    /// 1, and where it lies in the file, until `body` answers false.
    func forEachLine(
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
                let lineEnd = lineStart + UInt64(line.count)
                guard try body(line, number, lineStart..<lineEnd) else { return }
                lineStart = lineEnd
            }
            guard splitter.rest.count <= Self.lineBytes else {
                throw failure(line: number + 1, "it has more than \(Self.lineBytes) bytes")
            }
        }
        guard !splitter.rest.isEmpty else { return }
        _ = try body(splitter.rest, number + 1, lineStart..<lineStart + UInt64(splitter.rest.count))
    }

    func failure(line: Int, _ what: String) -> CommandFailure {
        CommandFailure(.usage, "--from \(path), line \(line): \(what).")
    }

    private func read(at offset: UInt64, atMost count: Int) throws(CommandFailure) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var got = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            while got < 0, errno == EINTR { got = pread(descriptor, buffer.baseAddress, count, off_t(offset)) }
            if got < 0 { failure = errno }
            filled = max(0, got)
        }
        guard failure == 0 else {
            throw CommandFailure(.usage, "--from \(path) cannot be read: \(describe(errno: failure)).")
        }
        return bytes
    }
}
