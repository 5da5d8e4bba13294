/// Tells quickly that no secret goes on: bit sets of how secrets begin. A bit that is set says only that one may.
///
/// Filled as secrets come and only read after that, so that redactors which hold the same share it; 32 KB.
struct SecretFilter {
    /// Where each set begins, in words of 64 bits.
    private static let pairs = 0, apart = 1024, windows = 2048, triples = 3072

    private static let none = [UInt64](repeating: 0, count: 4096)

    private var words = Self.none
    private var isSecond = [Bool](repeating: false, count: 256)
    /// What each byte is, to these secrets as well.
    private var kinds = ByteKind.table

    /// - Parameter bytes: how a secret begins: as long as `Redactor.shortest` at least.
    mutating func insert(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first, let second = bytes.dropFirst().first, let third = bytes.dropFirst(2).first else {
            return
        }
        let pair = Int(first) << 8 | Int(second)
        kinds[Int(third)].flags |= ByteKind.third
        set(Self.pairs, pair)
        set(Self.triples, Tables.place(ofTriple: UInt32(pair) << 8 | UInt32(third)))
        insert(apart: pair)
        guard !isSecond[Int(second)] else { return }
        isSecond[Int(second)] = true
        for byte in kinds.indices where UInt8(byte).hexadecimalValue == second & 0xF {
            kinds[byte].flags |= ByteKind.lastNibble
        }
        for byte in UInt8.min...UInt8.max where byte.isPassedOver { insert(apart: Int(byte) << 8 | Int(second)) }
    }

    /// The tables, for as long as a text is read.
    func withTables<Result>(_ body: (Tables) -> Result) -> Result {
        words.withUnsafeBufferPointer { words in
            guard let words = words.baseAddress else { preconditionFailure("a filter has words") }
            return kinds.withUnsafeBufferPointer { body(Tables(words: words, kinds: $0)) }
        }
    }

    /// A pair, and each 16 bits of base64 digits that it may end in: all of its bits, all but the first two or four.
    private mutating func insert(apart pair: Int) {
        set(Self.apart, pair)
        set(Self.windows, pair)
        for low in 0..<4 { set(Self.windows, pair << 2 & 0xFFFF | low) }
        for low in 0..<16 { set(Self.windows, pair << 4 & 0xFFFF | low) }
    }

    private mutating func set(_ table: Int, _ place: Int) { words[table + place >> 6] |= 1 << UInt64(place & 63) }

    /// Sets of 65,536 bits each: of two bytes that a secret begins with; of these and each second one behind a byte that is
    /// passed over; of the last 16 bits of base64 digits when two such bytes have come; of three bytes that a secret begins
    /// with, by a hash.
    struct Tables {
        fileprivate let words: UnsafePointer<UInt64>
        let kinds: UnsafeBufferPointer<ByteKind>

        @inline(__always)
        fileprivate static func place(ofTriple bytes: UInt32) -> Int { Int((bytes &* 0x9E37_79B1) &>> 16) }

        /// - Parameter place: of 16 bits, so that it lies within the table: asked for each byte of a text, and not checked
        ///   again.
        @inline(__always)
        private func holds(_ table: Int, _ place: Int) -> Bool {
            words[table &+ place &>> 6] &>> UInt64(place & 63) & 1 != 0
        }

        @inline(__always)
        func hasPair(_ first: UInt8, _ second: UInt8) -> Bool {
            holds(SecretFilter.pairs, Int(first) << 8 | Int(second))
        }

        /// - Parameter bytes: the last three in the lower 24 bits.
        @inline(__always)
        func hasTriple(_ bytes: UInt32) -> Bool {
            holds(SecretFilter.triples, Self.place(ofTriple: bytes & 0xFF_FFFF))
        }

        /// Whether a reading of hexadecimal digits may now have got two bytes of a secret.
        /// - Parameter bits: the last 16 digits.
        @inline(__always)
        func mayGoOn(nibbles bits: UInt64) -> Bool {
            holds(SecretFilter.apart, Int(bits & 0xFFFF)) && hasPair(behind: bits)
        }

        /// The same of base64.
        /// - Parameter bits: the last ten digits.
        @inline(__always)
        func mayGoOn(sextets bits: UInt64) -> Bool {
            holds(SecretFilter.windows, Int(bits & 0xFFFF))
                && (hasPair(behind: bits) || hasPair(behind: bits >> 2) || hasPair(behind: bits >> 4))
        }

        /// Whether the last byte and the last one before it that is not passed over begin a secret.
        @inline(never)
        private func hasPair(behind bits: UInt64) -> Bool {
            let last = UInt8(truncatingIfNeeded: bits)
            // A byte that is passed over changes nothing.
            if last.isPassedOver { return false }
            for distance in 1...5 {
                let byte = UInt8(truncatingIfNeeded: bits >> UInt64(distance * 8))
                if !byte.isPassedOver { return hasPair(byte, last) }
            }
            return true
        }
    }
}
