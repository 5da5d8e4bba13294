/// Looks through bytes at one step each, in a build without optimization too, where `firstIndex(of:)` takes fifty times as
/// long: a far side may send megabytes in one message, and no clock is looked at meanwhile.
extension ArraySlice<UInt8> {
    /// The first place at which `byte` stands.
    package func place(of byte: UInt8) -> Int? {
        withUnsafeBufferPointer { buffer in
            let count = buffer.count
            var index = 0
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
