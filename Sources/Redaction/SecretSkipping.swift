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

    /// The first byte, from `first` on, that a shallow reading must read: behind it, it may not be shallow, or an escape
    /// begins with it that must be read.
    func skip(_ text: UnsafeBufferPointer<UInt8>, from first: Int, in trie: borrowing SecretTrie) -> Int {
        trie.filter.withTables { filter in
            var passage = Passage(self, filter, in: trie)
            var aside = Aside(at: first)
            var index = first
            while index < text.count {
                let byte = text[index]
                if filter.kinds[Int(byte)].flags & ByteKind.escape != 0,
                    Lookahead.mayBeEscape(text, index, holdsBlank: trie.holdsBlank),
                    !aside.goOn(text, from: index, passage)
                {
                    return aside.start(of: index)
                }
                guard passage.pass(byte) else { return aside.start(of: index) }
                index &+= 1
            }
            return index
        }
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
