import Glibc
import RecordingFormat

/// An event's line of an entry, found out without decoding it. The lines are psrun's own: see `CastEncoder`.
struct RawEvent {
    /// Nanoseconds since the entry's beginning.
    var time: UInt64
    var code: RecordedCode
    var data: JSONText

    /// Reads a line without its line end; nil where it is not an event of psrun's.
    init?(_ line: UnsafeRawBufferPointer) {
        guard line.count >= 17, line[0] == 0x5B else { return nil }
        var position = 1
        var microseconds: UInt64 = 0
        while position < line.count, case let digit = line[position] &- 0x30, digit < 10, position < 12 {
            microseconds = microseconds * 10 + UInt64(digit)
            position += 1
        }
        guard position + 15 <= line.count, line[position] == 0x2E else { return nil }
        for digit in line[(position + 1)...(position + 6)] {
            guard digit &- 0x30 < 10 else { return nil }
            microseconds = microseconds * 10 + UInt64(digit &- 0x30)
        }
        position += 7
        guard
            line[position] == 0x2C, line[position + 2] == 0x22, line[position + 4] == 0x22,
            line[position + 5] == 0x2C, line[position + 7] == 0x22,
            let code = RecordedCode(rawValue: line[position + 3]),
            line.count >= position + 10, line[line.count - 1] == 0x5D, line[line.count - 2] == 0x22
        else { return nil }
        let nanoseconds = microseconds.multipliedReportingOverflow(by: 1_000)
        time = nanoseconds.overflow ? .max : nanoseconds.partialValue
        self.code = code
        data = JSONText(escaped: UnsafeRawBufferPointer(rebasing: line[(position + 8)..<(line.count - 2)]))
    }
}

extension UnsafeRawBufferPointer {
    /// The first place of a byte at `start` or behind it.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        guard start < count, let base = baseAddress, let found = memchr(base + start, Int32(byte), count - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - base
    }
}
