/// A line of `index.tsv`: five numbers, the member's name, the target. It is read without making a string of any name: a
/// night of thousands of targets is a megabyte of them.
package struct IndexLine: Sendable, Hashable {
    /// More digits than any file has bytes; a number of so many fits in 64 bits with a sign.
    private static let mostDigits = RecordingBound.indexDigits.bytes

    /// The entry's number, from 0.
    package let entry: Int
    /// The zstd frame that holds it: its first byte in the file, and its length.
    package let frameOffset: UInt64
    package let frameLength: UInt64
    /// The entry's first byte in the frame once decompressed, and its length.
    package let offset: UInt64
    package let length: UInt64
    /// The member's name in the archive, and the target as it was named: where they stand.
    package let name: Range<Int>
    package let target: Range<Int>
    /// Where the line end is, or the end of all bytes.
    package let end: Int

    /// Reads the line with which some bytes begin; nil where it is not one of an index.
    package init?(_ bytes: ArraySlice<UInt8>) {
        var position = bytes.startIndex
        guard
            let number = Self.number(bytes, &position), number > 0, number <= RecordingBound.entries.limit,
            let frameOffset = Self.number(bytes, &position),
            let frameLength = Self.number(bytes, &position),
            let offset = Self.number(bytes, &position),
            let length = Self.number(bytes, &position)
        else { return nil }
        let nameStart = position
        while position < bytes.endIndex, bytes[position] != 0x09, bytes[position] != 0x0A { position += 1 }
        guard position < bytes.endIndex, bytes[position] == 0x09 else { return nil }
        name = nameStart..<position
        guard RunName.isName(bytes[name]) else { return nil }
        let targetStart = position + 1
        position = bytes[targetStart...].firstIndex(of: 0x0A) ?? bytes.endIndex
        target = targetStart..<position
        end = position
        entry = Int(number) - 1
        self.frameOffset = frameOffset
        self.frameLength = frameLength
        self.offset = offset
        self.length = length
    }

    /// Whether its frame lies within a file of so many bytes.
    package func isSound(within archiveBytes: UInt64) -> Bool {
        frameLength > 0 && frameOffset < archiveBytes && frameLength <= archiveBytes - frameOffset
    }

    /// Reads a number and the tab behind it.
    private static func number(_ bytes: ArraySlice<UInt8>, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        let first = position
        while position < bytes.endIndex, case let digit = bytes[position] &- 0x30, digit < 10 {
            guard position - first < mostDigits else { return nil }
            value = value * 10 + UInt64(digit)
            position += 1
        }
        guard position > first, position < bytes.endIndex, bytes[position] == 0x09 else { return nil }
        position += 1
        return value
    }
}
