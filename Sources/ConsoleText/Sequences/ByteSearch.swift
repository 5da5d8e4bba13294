/// Searches for single bytes, eight at a time: most text has none of those that matter here.
extension UnsafeBufferPointer<UInt8> {
    /// The first place of a byte at `start` or behind it.
    package func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        firstOffset(from: start, among: { $0.bytes(equalTo: byte) }) { $0 == byte }
    }

    /// The first place, at `start` or behind it, of one of two ASCII letters in either case; other bytes than letters are
    /// found where only the bit between the cases parts them.
    /// - Parameters: in small letters.
    package func firstOffset(of one: UInt8, or other: UInt8, inEitherCaseFrom start: Int) -> Int? {
        firstOffset(
            from: start,
            among: { word in
                let small = word.withBitsBetweenCases
                return small.bytes(equalTo: one) | small.bytes(equalTo: other)
            },
            { $0 | 0x20 == one || $0 | 0x20 == other }
        )
    }

    /// The first place, at `start` or behind it, of a control character of C0 (ECMA-48, 5.2).
    package func firstControl(from start: Int) -> Int? {
        firstOffset(from: start, among: { $0.bytesBelowBlank }) { $0 < 0x20 }
    }

    /// The first place, at `start` or behind it, of a byte that `isWanted`.
    /// - Parameter candidates: the top bit of each byte of the word that may be wanted, its first byte lowest.
    @inline(__always)
    func firstOffset(from start: Int, among candidates: (UInt64) -> UInt64, _ isWanted: (UInt8) -> Bool) -> Int? {
        guard let base = baseAddress, start < count else { return nil }
        var cursor = start
        while cursor + 8 <= count {
            let word = UnsafeRawPointer(base + cursor).loadUnaligned(as: UInt64.self)
            var found = candidates(UInt64(littleEndian: word))
            while found != 0 {
                let offset = cursor + found.trailingZeroBitCount / 8
                if isWanted(self[offset]) { return offset }
                found &= found - 1
            }
            cursor += 8
        }
        while cursor < count {
            if isWanted(self[cursor]) { return cursor }
            cursor += 1
        }
        return nil
    }
}

/// Eight bytes at once: the top bits of those that something holds for, and now and then of one behind such a byte.
extension UInt64 {
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var topBits: UInt64 { 0x8080_8080_8080_8080 }

    @inline(__always)
    func bytes(equalTo byte: UInt8) -> UInt64 {
        let differences = self ^ (UInt64(byte) &* Self.ones)
        return (differences &- Self.ones) & ~differences & Self.topBits
    }

    @inline(__always)
    var withBitsBetweenCases: UInt64 { self | 0x20 &* Self.ones }

    @inline(__always)
    var bytesBelowBlank: UInt64 {
        (self &- (0x20 &* Self.ones)) & ~self & Self.topBits
    }
}
