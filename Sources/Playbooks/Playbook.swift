/// A text file of lines to send, read and not interpreted.
package struct Playbook: Sendable, Hashable {
    /// A line of this many bytes (as UTF-8) or more is refused: a server takes no object of 10 MiB.
    package static let lineLimit = 10 << 20

    package let lines: [PlaybookLine]
    /// The longest line, in bytes as UTF-8.
    package let longestLineBytes: Int
    /// All of it, as UTF-8 without a byte order mark.
    package let textBytes: Int

    /// The whole of it, as it stands in the file, without a byte order mark.
    package var text: String {
        var text = ""
        text.reserveCapacity(textBytes)
        for line in lines {
            text += line.text
            text += line.terminator
        }
        return text
    }

    /// Reads a file: UTF-8 with or without a byte order mark, or UTF-16 with one; LF or CRLF ends a line, and nothing is
    /// trimmed.
    ///
    /// - Throws: PlaybookError, with the offset in `bytes`, for anything else, a NUL, a line of `lineLimit` or more, or a
    ///   file with nothing in it but blanks.
    package init(bytes: [UInt8]) throws(PlaybookError) {
        let text = try PlaybookText(bytes: bytes)
        var lines: [PlaybookLine] = []
        var start = text.utf8.startIndex
        var position = start
        while position < text.utf8.endIndex {
            let byte = text.utf8[position]
            if byte == 0 {
                let offset = text.offset(of: position)
                throw PlaybookError(
                    .nullCharacter,
                    "line \(lines.count + 1) holds a NUL at byte \(offset): a playbook is text, and this looks binary",
                    at: offset
                )
            }
            position = text.utf8.index(after: position)
            guard byte == UInt8(ascii: "\n") else { continue }
            lines.append(try text.line(lines.count + 1, start..<position))
            start = position
        }
        if start < position { lines.append(try text.line(lines.count + 1, start..<position)) }
        guard lines.contains(where: { !$0.isBlank }) else {
            throw PlaybookError(.empty, "it has no line to send", at: 0)
        }
        self.lines = lines
        textBytes = lines.reduce(0) { $0 + $1.text.utf8.count + $1.terminator.utf8.count }
        longestLineBytes = lines.reduce(0) { max($0, $1.text.utf8.count) }
    }
}
