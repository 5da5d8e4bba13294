/// Reads an entry's events one after the other, without a value for each: for those who read a million of them.
package struct CastEventReader: Sendable {
    /// The last event's text, valid UTF-8.
    package private(set) var text: [UInt8] = []

    package init() {}

    /// Reads line `number` (from 1: the first is the header), with or without its line end.
    /// - Returns: nil for the header, and for an event of a code that psrun does not know.
    /// - Throws: where the line is none of an asciicast v2 file.
    package mutating func read(
        _ line: ArraySlice<UInt8>,
        number: Int
    ) throws(CastError) -> (time: UInt64, code: RecordedCode)? {
        if number > 1, let event = line.withUnsafeBufferPointer({ readPlain($0) }) { return event }
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return nil }
        text = Array(event.data.utf8)
        return (event.time, event.code)
    }

    /// Reads a line as `CastEncoder` writes it; nil for any other, which may be right all the same.
    private mutating func readPlain(_ line: UnsafeBufferPointer<UInt8>) -> (time: UInt64, code: RecordedCode)? {
        var cursor = 1
        guard line.first == 0x5B, let time = Self.time(line, &cursor) else { return nil }
        let end = line.last == 0x0A ? line.count - 3 : line.count - 2
        // `, "o", "` before the text, and `"]` behind it.
        guard
            cursor + 8 <= end, line[end] == 0x22, line[end + 1] == 0x5D,
            Self.matches(line, at: cursor, [0x2C, 0x20, 0x22]),
            Self.matches(line, at: cursor + 4, [0x22, 0x2C, 0x20, 0x22]),
            let code = RecordedCode(rawValue: line[cursor + 3])
        else { return nil }
        return unescape(UnsafeBufferPointer(rebasing: line[(cursor + 8)..<end])) ? (time, code) : nil
    }

    /// `12.345678`, in nanoseconds.
    private static func time(_ line: UnsafeBufferPointer<UInt8>, _ cursor: inout Int) -> UInt64? {
        var microseconds: UInt64 = 0
        let start = cursor
        while cursor < line.count, cursor - start < 10, line[cursor] &- 0x30 < 10 {
            microseconds = microseconds * 10 + UInt64(line[cursor] - 0x30)
            cursor += 1
        }
        guard cursor > start, cursor + 7 <= line.count, line[cursor] == 0x2E else { return nil }
        for digit in line[(cursor + 1)..<(cursor + 7)] {
            guard digit &- 0x30 < 10 else { return nil }
            microseconds = microseconds * 10 + UInt64(digit - 0x30)
        }
        cursor += 7
        return microseconds < CastLine.endOfTime * 1_000_000 ? microseconds * 1_000 : nil
    }

    private static func matches(_ line: UnsafeBufferPointer<UInt8>, at start: Int, _ bytes: [UInt8]) -> Bool {
        line[start..<(start + bytes.count)].elementsEqual(bytes)
    }

    /// Takes the escapes out of a JSON string; false where it holds what only the parser may judge.
    private mutating func unescape(_ string: UnsafeBufferPointer<UInt8>) -> Bool {
        text.removeAll(keepingCapacity: true)
        var copied = 0
        var cursor = 0
        var isASCII = true
        while cursor < string.count {
            let byte = string[cursor]
            guard byte >= 0x20, byte != 0x22 else { return false }
            isASCII = isASCII && byte < 0x80
            guard byte == 0x5C else {
                cursor += 1
                continue
            }
            text += string[copied..<cursor]
            guard let length = appendEscape(string, at: cursor) else { return false }
            cursor += length
            copied = cursor
        }
        text += string[copied...]
        // What is not UTF-8 is for the parser to mend.
        return isASCII || String(validating: text, as: UTF8.self) != nil
    }

    /// Appends what an escape stands for; nil for one that `CastEncoder` does not write.
    private mutating func appendEscape(_ string: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        guard start + 1 < string.count else { return nil }
        switch string[start + 1] {
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x22, 0x5C: text.append(string[start + 1])
        case 0x75:
            guard start + 6 <= string.count else { return nil }
            var unit: UInt32 = 0
            for digit in string[(start + 2)..<(start + 6)] {
                guard let value = hexadecimalValue(digit) else { return nil }
                unit = unit << 4 | UInt32(value)
            }
            guard let scalar = Unicode.Scalar(unit) else { return nil }
            text += UTF8.encode(scalar).map { Array($0) } ?? []
            return 6
        default: return nil
        }
        return 2
    }
}
