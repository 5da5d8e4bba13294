/// What of a text a reading need not read: on these bytes no cursor comes further than a secret's first bytes.
///
/// A reading whose cursors all stand so near to their beginnings is shallow. Where each stands then follows from the last
/// bytes before, so that all but these are passed by `skip`, which looks at `SecretFilter` alone, and `catchUp` reads the
/// last ones again.
extension SecretReading {
    /// Whether each cursor stands behind one byte of a secret at most; behind two, the one that reads what is written.
    var isShallow: Bool {
        plain.depth <= 2 && base64.0.depth <= 1 && base64.1.depth <= 1 && base64.2.depth <= 1 && base64.3.depth <= 1
            && hexadecimal.0.depth <= 1 && hexadecimal.1.depth <= 1 && decimal.depth <= 1
    }

    /// The first byte, from `first` on, that a shallow reading must read: behind it, it may not be shallow, or an escape may
    /// begin with it.
    func skip(_ text: UnsafeBufferPointer<UInt8>, from first: Int, in trie: borrowing SecretTrie) -> Int {
        let tables = ByteKind.table
        return trie.filter.withTables { filter in
            tables.withUnsafeBufferPointer { kinds in
                var plain = trie.lastBytes(of: self.plain.node)
                var sextets = self.sextets
                var nibbles = self.nibbles
                var isAtLineStart = self.isAtLineStart
                var number = self.number.digits > 0 ? self.number.value : -1
                var lastNumber = decimal.isAtRest ? -1 : Int(trie.lastBytes(of: decimal.node))
                var index = first
                while index < text.count {
                    let byte = text[index]
                    let kind = kinds[Int(byte)]
                    if kind.flags & ByteKind.special != 0 {
                        if kind.flags & ByteKind.escape != 0,
                            Lookahead.mayBeEscape(text, index, holdsBlank: trie.holdsBlank)
                        {
                            return index
                        }
                        if kind.flags & ByteKind.passedOver != 0 {
                            if byte == 0x0A {
                                isAtLineStart = true
                                if number >= 0, Self.end(&number, &lastNumber, filter) { return index }
                            }
                            index &+= 1
                            continue
                        }
                        if byte == 0x20, isAtLineStart {
                            if trie.begins(with: byte) || filter.hasPair(UInt8(truncatingIfNeeded: plain), byte)
                                || filter.hasTriple(plain << 8 | 0x20)
                            {
                                return index
                            }
                            index &+= 1
                            continue
                        }
                    }
                    isAtLineStart = false
                    plain = plain << 8 | UInt32(byte)
                    if filter.hasTriple(plain) { return index }
                    if kind.flags & ByteKind.sextet != 0 {
                        sextets = sextets << 6 | UInt64(kind.sextet)
                        if filter.mayGoOn(sextets: sextets) { return index }
                    }
                    if kind.flags & ByteKind.nibble != 0 {
                        nibbles = nibbles << 4 | UInt64(kind.nibble)
                        if filter.mayGoOn(nibbles: nibbles) { return index }
                        if kind.flags & ByteKind.digit != 0 {
                            number = min(max(number, 0) &* 10 &+ Int(kind.nibble), 256)
                            index &+= 1
                            continue
                        }
                    }
                    if number >= 0, Self.end(&number, &lastNumber, filter) { return index }
                    if kind.flags & ByteKind.betweenNumbers == 0 { lastNumber = -1 }
                    index &+= 1
                }
                return index
            }
        }
    }

    /// Ends a number; whether it and the last one begin a secret.
    private static func end(_ number: inout Int, _ lastNumber: inout Int, _ filter: SecretFilter.Tables) -> Bool {
        defer { number = -1 }
        guard let byte = UInt8(exactly: number) else {
            lastNumber = -1
            return false
        }
        if byte.isPassedOver { return false }
        if let last = UInt8(exactly: lastNumber), filter.hasPair(last, byte) { return true }
        lastNumber = Int(byte)
        return false
    }

    /// Brings a shallow reading to where it would be had it read all that `skip` passed.
    /// - Parameter position: where the text's first byte stands.
    mutating func catchUp(
        _ text: UnsafeBufferPointer<UInt8>,
        _ skipped: Range<Int>,
        from position: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        let start = Lookback.start(of: skipped, in: text)
        if start > skipped.lowerBound { begin() }
        for index in start..<skipped.upperBound {
            let place = position + index
            read(text[index], from: place, to: place + 1, in: &trie, into: &found)
        }
    }
}
