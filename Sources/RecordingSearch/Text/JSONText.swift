import RecordingFormat

/// The inside of a JSON string as it stands in a file.
struct JSONText {
    let bytes: UnsafeRawBufferPointer

    init(escaped bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Appends what is meant.
    func append(to text: inout [UInt8]) {
        var position = 0
        while position < bytes.count {
            guard let found = bytes.firstOffset(of: 0x5C, from: position), found + 1 < bytes.count else { break }
            text.append(contentsOf: bytes[position..<found])
            position = found + 2
            switch bytes[found + 1] {
            case 0x6E: text.append(0x0A)
            case 0x72: text.append(0x0D)
            case 0x74: text.append(0x09)
            case 0x62: text.append(0x08)
            case 0x66: text.append(0x0C)
            case 0x75: position = appendScalar(at: found, to: &text)
            case let byte: text.append(byte)
            }
        }
        text.append(contentsOf: bytes[position...])
    }

    /// Appends what `\u` and four digits stand for, a surrogate's other half taken too.
    /// - Returns: where it ends.
    private func appendScalar(at start: Int, to text: inout [UInt8]) -> Int {
        guard let unit = unit(at: start) else { return start + 2 }
        var scalar = Unicode.Scalar(unit)
        var end = start + 6
        if (0xD800...0xDBFF).contains(unit), let low = self.unit(at: end), (0xDC00...0xDFFF).contains(low) {
            scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            end += 6
        }
        text += String(scalar.map(Character.init) ?? "\u{FFFD}").utf8
        return end
    }

    private func unit(at start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == 0x5C, bytes[start + 1] == 0x75 else { return nil }
        var unit: UInt32 = 0
        for digit in bytes[(start + 2)..<(start + 6)] {
            guard let value = hexadecimalValue(digit) else { return nil }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }
}
