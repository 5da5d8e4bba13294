/// The end of a chain, as far as whoever appends to it must know it.
package struct ChainTail: Sendable, Hashable {
    /// How many lines there are.
    package private(set) var count: Int
    /// SHA-256 of the last line, in hexadecimal; `Chain.emptyHead` where there is none.
    package private(set) var head: String
    /// The run that was sealed last; nil where none was.
    package private(set) var lastRun: PreviousRun?
    /// Bytes behind the last line end: a line that a crash cut off.
    package let tornBytes: Int
    /// Whether psrun may have written it: there is a line of a chain among those that were read, or none at all; and what a
    /// crash cut off may be the beginning of one, or zeros, which a file system may leave in its place.
    package private(set) var isChain: Bool

    /// Reads the last bytes of the file.
    /// - Parameters:
    ///   - isWhole: whether these are all of it.
    ///   - hash: SHA-256.
    /// - Returns: nil where more of the file is needed, which it never is when these are all of it.
    package init?(_ bytes: [UInt8], isWhole: Bool, hash: HashFunction) {
        let end = bytes.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        tornBytes = bytes.count - end
        count = 0
        head = Chain.emptyHead
        isChain = true
        let torn = bytes[end...]
        defer { isChain = isChain && (torn.allSatisfy { $0 == 0 } || Self.isBeginning(torn)) }
        var hasLine = false
        var rest = bytes[..<end]
        var last: ArraySlice<UInt8>?
        while lastRun == nil, !rest.isEmpty {
            let start = rest.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            guard isWhole || start > 0 else { return nil }
            let line = rest[start...].dropLast()
            last = last ?? line
            if let event = ChainLine(line)?.event {
                hasLine = true
                if event.kind == .run { lastRun = PreviousRun(run: event.run, manifestHash: event.value) }
            }
            rest = rest[..<start]
        }
        guard let last else {
            guard isWhole else { return nil }
            return
        }
        isChain = hasLine
        head = hexadecimal(hash(Array(last)))
        if let number = ChainLine(last)?.number {
            count = number
        } else if isWhole {
            count = bytes.count { $0 == 0x0A }
        } else {
            return nil
        }
    }

    /// Whether bytes may be the beginning of a line: a number, and the hash of the line before it.
    private static func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        let fields = bytes.split(separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
        guard let number = fields.first, !number.isEmpty, number.allSatisfy(isDigit) else { return false }
        guard fields.count > 1 else { return true }
        let isHash = fields[1].allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
        return isHash && (fields.count > 2 ? fields[1].count == 64 : fields[1].count <= 64)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The line that an event gets behind the last one.
    package func line(for event: ChainEvent) -> ChainLine {
        ChainLine(number: count + 1, previous: head, event: event)
    }

    /// Takes a line that was made by `line(for:)`.
    package mutating func append(_ line: ChainLine, hash: HashFunction) {
        count = line.number
        head = hexadecimal(hash(line.encoded))
        if line.event.kind == .run {
            lastRun = PreviousRun(run: line.event.run, manifestHash: line.event.value)
        }
    }
}
