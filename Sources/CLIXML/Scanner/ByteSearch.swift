/// Looks through bytes at one step each, in a build without optimization too, where `firstIndex(of:)` takes fifty times as
/// long: a far side may send megabytes in one message, and no clock is looked at meanwhile.
extension ArraySlice<UInt8> {
    /// The first place at which `byte` stands; eight bytes are looked at together.
    package func place(of byte: UInt8) -> Int? {
        withUnsafeBytes { buffer in
            let count = buffer.count
            var index = 0
            while index + 8 <= count {
                if buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self).holds(byte) { break }
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
        withUnsafeBytes { buffer in
            let count = buffer.count
            var index = start
            var hasUnderscore = false
            while index + 8 <= count {
                let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word.holds(UInt8(ascii: "<")) || word.holds(UInt8(ascii: "&")) || word.holds(0x0D) { break }
                if word.holds(UInt8(ascii: "_")) { hasUnderscore = true }
                index += 8
            }
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

extension UInt64 {
    /// Whether one of the eight bytes is `byte`.
    @inline(__always)
    fileprivate func holds(_ byte: UInt8) -> Bool {
        let difference = self ^ UInt64(byte) &* 0x0101_0101_0101_0101
        // Not zero where a byte of it is.
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0
    }
}
