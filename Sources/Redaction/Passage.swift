/// A shallow reading while it passes bytes by: what it must know of those before.
struct Passage {
    private let filter: SecretFilter.Tables
    private let beginsWithBlank: Bool

    /// The last bytes as they stand, the last one lowest.
    private var plain: UInt32
    /// The last digits of base64, and of hexadecimal numbers.
    private var sextets: UInt64
    private var nibbles: UInt64
    private var isAtLineStart: Bool
    /// The number that is being read, and the last byte of a secret that one was; -1 where there is none.
    private var number: Int
    private var lastNumber: Int

    /// - Parameter reading: a shallow one.
    init(
        _ reading: borrowing SecretReading,
        _ filter: SecretFilter.Tables,
        in trie: borrowing SecretTrie
    ) {
        self.filter = filter
        beginsWithBlank = trie.begins(with: 0x20)
        plain = trie.lastBytes(of: reading.plain.node)
        sextets = reading.sextets
        nibbles = reading.nibbles
        isAtLineStart = reading.isAtLineStart
        number = reading.number.digits > 0 ? reading.number.value : -1
        lastNumber = reading.decimal.isAtRest ? -1 : Int(trie.lastBytes(of: reading.decimal.node))
    }

    /// Passes a byte by.
    /// - Returns: false where the reading may not be shallow behind it.
    @inline(__always)
    mutating func pass(_ byte: UInt8) -> Bool {
        let kind = filter.kinds[Int(byte)]
        if kind.flags & ByteKind.special != 0 {
            if kind.flags & ByteKind.passedOver != 0 {
                guard byte == 0x0A else { return true }
                isAtLineStart = true
                return endNumber()
            }
            if byte == 0x20, isAtLineStart {
                return !beginsWithBlank && !filter.hasPair(UInt8(truncatingIfNeeded: plain), byte)
                    && !filter.hasTriple(plain << 8 | 0x20)
            }
        }
        isAtLineStart = false
        plain = plain << 8 | UInt32(byte)
        if kind.flags & ByteKind.third != 0, filter.hasTriple(plain) { return false }
        if kind.flags & ByteKind.sextet != 0 {
            sextets = sextets << 6 | UInt64(kind.sextet)
            if filter.mayGoOn(sextets: sextets) { return false }
        }
        if kind.flags & ByteKind.nibble != 0 {
            nibbles = nibbles << 4 | UInt64(kind.nibble)
            if kind.flags & ByteKind.lastNibble != 0, filter.mayGoOn(nibbles: nibbles) { return false }
            if kind.flags & ByteKind.digit != 0 {
                number = min(max(number, 0) &* 10 &+ Int(kind.nibble), 256)
                return true
            }
        }
        guard endNumber() else { return false }
        if kind.flags & ByteKind.betweenNumbers == 0 { lastNumber = -1 }
        return true
    }

    /// - Returns: false where the number and the last one begin a secret.
    @inline(__always)
    private mutating func endNumber() -> Bool {
        guard number >= 0 else { return true }
        defer { number = -1 }
        guard let byte = UInt8(exactly: number) else {
            lastNumber = -1
            return true
        }
        if byte.isPassedOver { return true }
        if let last = UInt8(exactly: lastNumber), filter.hasPair(last, byte) { return false }
        lastNumber = Int(byte)
        return true
    }
}
