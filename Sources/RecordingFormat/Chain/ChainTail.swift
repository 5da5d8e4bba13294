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
        var rest = bytes[..<end]
        var last: ArraySlice<UInt8>?
        while lastRun == nil, !rest.isEmpty {
            let start = rest.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            guard isWhole || start > 0 else { return nil }
            let line = rest[start...].dropLast()
            last = last ?? line
            if let event = ChainLine(line)?.event, event.kind == .run {
                lastRun = PreviousRun(run: event.run, manifestHash: event.value)
            }
            rest = rest[..<start]
        }
        guard let last else {
            guard isWhole else { return nil }
            return
        }
        head = hexadecimal(hash(Array(last)))
        if let number = ChainLine(last)?.number {
            count = number
        } else if isWhole {
            count = bytes.count { $0 == 0x0A }
        } else {
            return nil
        }
    }

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
