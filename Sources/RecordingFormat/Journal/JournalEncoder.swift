/// Turns records into a journal's bytes: numbers them, and closes blocks with the hash that chains them.
package struct JournalEncoder: Sendable {
    private let hash: HashFunction
    private var block: [UInt8]
    private var sequence: UInt64 = 0
    /// The last closed block's hash.
    package private(set) var chainHead = JournalLayout.chainStart

    /// - Parameter hash: SHA-256.
    package init(hash: @escaping HashFunction) {
        self.hash = hash
        block = JournalLayout.signature
    }

    /// Bytes that no block has taken yet.
    package var pendingBytes: Int { block.count }

    /// Adds a record to the open block.
    package mutating func append(_ record: JournalRecord) {
        precondition(record.payload.count <= JournalLayout.maximumPayload)
        let start = block.count
        block.append(littleEndian: UInt32(record.payload.count))
        block.append(littleEndian: record.entry.map { UInt32($0) } ?? JournalLayout.runEntry)
        block.append(littleEndian: sequence)
        block.append(littleEndian: record.time)
        block.append(record.kind.rawValue)
        block += record.payload
        block.append(littleEndian: CRC32.checksum(block, in: start..<block.count))
        sequence += 1
    }

    /// Closes the open block.
    /// - Parameter time: nanoseconds since the run began.
    /// - Returns: the block's bytes, to be appended to the file; empty where nothing was added.
    package mutating func closeBlock(time: UInt64) -> [UInt8] {
        guard !block.isEmpty else { return [] }
        chainHead = hash(chainHead + block)
        append(JournalRecord(entry: nil, time: time, kind: .commit, payload: chainHead[...]))
        defer { block = [] }
        return block
    }
}
