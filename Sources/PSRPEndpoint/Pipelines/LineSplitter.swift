/// Cuts a stream of bytes into lines, wherever its reads were cut.
package struct LineSplitter: Sendable {
    /// Bytes after which a line is cut, so that output without line ends cannot fill the memory.
    package static let longestLine = 1 << 20

    private var partial: [UInt8] = []

    package init() {}

    /// - Returns: the lines that are whole now, without their LF or CRLF.
    package mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial += rest[..<end]
            if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
            lines.append(partial)
            partial = []
            rest = rest[(end + 1)...]
        }
        partial += rest
        if partial.count > Self.longestLine {
            let start = partial.lastIndex { $0 & 0xC0 != 0x80 } ?? partial.endIndex
            lines.append(Array(partial[..<start]))
            partial.removeSubrange(..<start)
        }
        return lines
    }

    /// What came after the last line end; nil for nothing.
    package mutating func finish() -> [UInt8]? {
        defer { partial = [] }
        return partial.isEmpty ? nil : partial
    }
}
