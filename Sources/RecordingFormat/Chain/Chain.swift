/// `chain.log` of a recordings folder: each seal, prune and reading of a run has a line there, which names the hash of
/// the line before. The hash of the last line is the chain's head; who kept it can tell that no line before it was
/// changed, moved or taken away.
package struct Chain: Sendable, Hashable {
    /// A line, and the hash of its bytes.
    package struct Link: Sendable, Hashable {
        package let line: ChainLine
        package let hash: String
    }

    /// A line that is not what the lines before it call for.
    package struct Fault: Error, Sendable, Hashable {
        package enum Reason: String, Sendable, Hashable {
            /// It is not a line of a chain.
            case malformed
            /// Its number is not its place in the file.
            case number
            /// It does not name the hash of the line before.
            case previous
        }

        /// The line's place in the file, from 1.
        package let line: Int
        package let reason: Reason

        package init(line: Int, reason: Reason) {
            self.line = line
            self.reason = reason
        }
    }

    /// The head of a chain without lines.
    package static let emptyHead = String(repeating: "0", count: 64)

    /// All lines that can be read, in the file's order.
    package private(set) var links: [Link] = []
    package private(set) var faults: [Fault] = []
    /// How many lines there are, those that cannot be read among them.
    package private(set) var count = 0
    /// SHA-256 of the last line, in hexadecimal.
    package private(set) var head = emptyHead
    /// Bytes behind the last line end: a line that a crash cut off.
    package private(set) var tornBytes = 0

    /// Reads the whole file.
    /// - Parameter hash: SHA-256.
    package init(_ bytes: [UInt8], hash: HashFunction) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            take(rest[..<end], hash: hash)
            rest = rest[(end + 1)...]
        }
        tornBytes = rest.count
    }

    /// No line of psrun's is longer, and no longer one is looked into.
    package static let mostLineBytes = RecordingBound.chainLine.bytes

    private mutating func take(_ bytes: ArraySlice<UInt8>, hash: HashFunction) {
        count += 1
        guard bytes.count <= Self.mostLineBytes else {
            faults.append(Fault(line: count, reason: .malformed))
            head = Self.emptyHead
            return
        }
        let lineHash = hexadecimal(hash(Array(bytes)))
        if let line = ChainLine(bytes) {
            if line.number != count { faults.append(Fault(line: count, reason: .number)) }
            if line.previous != head { faults.append(Fault(line: count, reason: .previous)) }
            links.append(Link(line: line, hash: lineHash))
        } else {
            faults.append(Fault(line: count, reason: .malformed))
        }
        head = lineHash
    }
}
