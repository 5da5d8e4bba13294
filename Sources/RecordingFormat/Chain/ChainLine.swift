/// What a line of the chain tells of.
package enum ChainKind: String, Sendable, Hashable, CaseIterable {
    /// A run was sealed.
    case run
    /// A run was pruned.
    case prune
    /// A sealed run was read.
    case access
}

/// What happened, before it has its place in the chain.
package struct ChainEvent: Sendable, Hashable {
    /// Seconds since 1970, UTC.
    package var seconds: Int64
    package var kind: ChainKind
    /// The name of the run's folder.
    package var run: String
    /// SHA-256, in hexadecimal: of the manifest that was sealed or read, or of the tombstone.
    package var value: String
    /// Login name and user id of whoever did it.
    package var who: String
    /// The verb, and what it was asked.
    package var what: String

    package init(seconds: Int64, kind: ChainKind, run: String, value: String, who: String, what: String) {
        self.seconds = seconds
        self.kind = kind
        self.run = run
        self.value = value
        self.who = who
        self.what = what
    }
}

/// A line of `chain.log`: eight fields, separated by tabs. Of a field's bytes all that are not printable ASCII, and the
/// backslash, stand as `\xNN`; a field without bytes is `-`. So a line shows as it is in any terminal, and `printf %b`
/// gives a field back.
package struct ChainLine: Sendable, Hashable {
    /// From 1; the line's place in the file.
    package var number: Int
    /// SHA-256 of the line before, without its line end; `Chain.emptyHead` for the first.
    package var previous: String
    package var event: ChainEvent

    package init(number: Int, previous: String, event: ChainEvent) {
        self.number = number
        self.previous = previous
        self.event = event
    }

    /// The line's bytes, without its line end: what the next line names the hash of.
    package var encoded: [UInt8] {
        let fields = [
            String(number), previous, UTCTime(secondsSince1970: event.seconds).extended, event.kind.rawValue,
            event.run, event.value, event.who, event.what,
        ]
        return Array(fields.map(Self.escaped).joined(separator: [0x09]))
    }

    /// Reads a line without its line end; nil for any other bytes than `encoded` has.
    package init?(_ line: ArraySlice<UInt8>) {
        let fields = line.split(separator: 0x09, omittingEmptySubsequences: false).compactMap(Self.unescaped)
        guard
            fields.count == 8,
            let number = Int(fields[0]), number > 0, number <= RecordingBound.chainNumber.bytes, isHash(fields[1]),
            let time = UTCTime(fields[2]), let kind = ChainKind(rawValue: fields[3]), isHash(fields[5])
        else { return nil }
        self.init(
            number: number,
            previous: fields[1],
            event: ChainEvent(
                seconds: time.secondsSince1970,
                kind: kind,
                run: fields[4],
                value: fields[5],
                who: fields[6],
                what: fields[7]
            )
        )
        guard encoded.elementsEqual(line) else { return nil }
    }

    private static func escaped(_ field: String) -> [UInt8] {
        guard !field.isEmpty else { return [0x2D] }
        return field.utf8.flatMap { byte -> [UInt8] in
            (0x20...0x7E).contains(byte) && byte != 0x5C
                ? [byte] : [0x5C, 0x78, hexadecimalDigit(byte >> 4), hexadecimalDigit(byte & 0xF)]
        }
    }

    /// Undoes `escaped`, but for what the comparison of whole lines finds.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                bytes.append(byte)
                continue
            }
            guard
                rest.popFirst() == 0x78,
                let high = rest.popFirst().flatMap(hexadecimalValue),
                let low = rest.popFirst().flatMap(hexadecimalValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
