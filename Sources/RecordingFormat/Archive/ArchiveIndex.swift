/// Where an entry lies in `run.tar.zst`.
package struct IndexedEntry: Sendable, Hashable {
    /// Its number, from 0.
    package var entry: Int
    /// The zstd frame that holds it: its first byte in the file, and its length.
    package var frameOffset: UInt64
    package var frameLength: UInt64
    /// The entry's first byte in the frame once decompressed, and its length.
    package var offset: UInt64
    package var length: UInt64
    /// The member's name in the archive.
    package var name: String
    /// The target as it was named.
    package var target: String

    package init(
        entry: Int,
        frameOffset: UInt64,
        frameLength: UInt64,
        offset: UInt64,
        length: UInt64,
        name: String,
        target: String
    ) {
        self.entry = entry
        self.frameOffset = frameOffset
        self.frameLength = frameLength
        self.offset = offset
        self.length = length
        self.name = name
        self.target = target
    }
}

/// The archive's last member but one, `index.tsv`: a line of seven fields for each entry, separated by tabs. With it
/// `tail -c +$((frame offset + 1)) | head -c LENGTH | zstd -d | tar -xO` fetches one target's entry.
package enum ArchiveIndex {
    /// - Parameter entries: in the order of their numbers.
    package static func encode(_ entries: [IndexedEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            let numbers = [UInt64(entry.entry) + 1, entry.frameOffset, entry.frameLength, entry.offset, entry.length]
            for number in numbers {
                bytes += String(number).utf8
                bytes.append(0x09)
            }
            bytes += entry.name.utf8
            bytes.append(0x09)
            bytes += escaped(entry.target)
            bytes.append(0x0A)
        }
        return bytes
    }

    /// Reads one line, without its line end; nil where it is none.
    package static func decode(line: ArraySlice<UInt8>) -> IndexedEntry? {
        guard let found = IndexLine(line), found.end == line.endIndex else { return nil }
        return IndexedEntry(
            entry: found.entry,
            frameOffset: found.frameOffset,
            frameLength: found.frameLength,
            offset: found.offset,
            length: found.length,
            name: String(decoding: line[found.name], as: UTF8.self),
            target: String(decoding: line[found.target], as: UTF8.self)
        )
    }

    /// Reads the whole index; nil where a line is none.
    package static func decode(_ bytes: [UInt8]) -> [IndexedEntry]? {
        var entries: [IndexedEntry] = []
        for line in bytes.split(separator: 0x0A) {
            guard let entry = decode(line: line) else { return nil }
            entries.append(entry)
        }
        return entries
    }

    /// Reads those lines in which `text` stands, in either case of its ASCII letters.
    /// - Returns: nil where there is no such line, or one of them is none of an index.
    package static func decode(_ bytes: [UInt8], mentioning text: String) -> [IndexedEntry]? {
        let wanted = Array(text.utf8)
        guard !wanted.isEmpty else { return nil }
        var entries: [IndexedEntry] = []
        var start = 0
        while let place = bytes.firstPlace(of: wanted, from: start, ignoringCase: true) {
            let line = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
            guard let entry = decode(line: bytes[line..<end]) else { return nil }
            entries.append(entry)
            start = end
        }
        return entries.isEmpty ? nil : entries
    }

    /// A control character in a target's name would end the field or the line: a blank stands for it.
    private static func escaped(_ target: String) -> [UInt8] {
        target.utf8.map { $0 < 0x20 ? 0x20 : $0 }
    }
}
