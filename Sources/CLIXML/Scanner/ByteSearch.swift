/// Looks through bytes at one step each, in a build without optimization too, where `firstIndex(of:)` takes fifty times as
/// long: a far side may send megabytes in one message, and no clock is looked at meanwhile.
extension ArraySlice<UInt8> {
    /// The first place at which `byte` stands; eight bytes are looked at together.
    package func place(of byte: UInt8) -> Int? {
        withUnsafeBytes { buffer in
            let count = buffer.count
            let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
            var index = 0
            while index + 8 <= count {
                let difference = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ pattern
                // Not zero where one of the eight is.
                if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0 { break }
                index += 8
            }
            while index < count, buffer[index] != byte { index += 1 }
            return index < count ? startIndex + index : nil
        }
    }
}

extension [UInt8] {
    /// Where the plain text that begins at `start` ends: before a markup's first character, a carriage return, or the end.
    func endOfPlainText(from start: Int) -> (end: Int, hasUnderscore: Bool) {
        withUnsafeBufferPointer { buffer in
            let count = buffer.count
            var index = start
            var hasUnderscore = false
            while index < count {
                let byte = buffer[index]
                if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") || byte == 0x0D { break }
                if byte == UInt8(ascii: "_") { hasUnderscore = true }
                index += 1
            }
            return (index, hasUnderscore)
        }
    }
}
