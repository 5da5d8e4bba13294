/// Records that were committed together.
package struct JournalBlock: Sendable {
    /// All records but the commit.
    package let records: [JournalRecord]
    /// Nanoseconds since the run began, as of the commit.
    package let time: UInt64
    /// The commit's hash: the chain's value so far.
    package let chain: [UInt8]
}

/// Where a journal's readable part ends, and why.
package struct JournalEnd: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// At the end of a commit block: nothing is lost.
        case whole
        /// The file ends within a record.
        case cut
        /// The file ends with whole records that no commit closes.
        case uncommitted
        /// It does not begin as a journal does.
        case noJournal
        /// A record's CRC, sequence number, length or kind is wrong.
        case badRecord
        /// A block's hash is not that of its bytes and the block before.
        case badChain
    }

    package let reason: Reason
    /// The end of the last whole commit block, in bytes from the file's beginning.
    package let committed: UInt64
    /// Where the reader stopped, in bytes from the file's beginning.
    package let stopped: UInt64

    package init(reason: Reason, committed: UInt64, stopped: UInt64) {
        self.reason = reason
        self.committed = committed
        self.stopped = stopped
    }
}

/// Reads a journal in pieces of any size and gives out whole commit blocks, each checked; it stops for good at the
/// first byte that cannot be trusted. Holds one block at a time.
package struct JournalReader: Sendable {
    private let hash: HashFunction
    private var bytes: [UInt8] = []
    /// The place of `bytes[0]` in the file.
    private var base: UInt64 = 0
    /// Offsets in `bytes`: of the open block, and of its next record.
    private var blockStart = 0
    private var cursor = 0
    private var records: [(record: Range<Int>, kind: JournalRecordKind)] = []
    private var sequence: UInt64 = 0
    private var chain = JournalLayout.chainStart
    /// Why the reader stopped before the end of what it was given; nil while more bytes can still be taken.
    package private(set) var failure: JournalEnd.Reason?

    private let longestBlock: Int

    /// - Parameters:
    ///   - hash: SHA-256.
    ///   - longestBlock: in bytes; a longer one is not a journal's.
    package init(hash: @escaping HashFunction, longestBlock: Int = RecordingBound.journalBlock.bytes) {
        self.hash = hash
        self.longestBlock = longestBlock
    }

    /// Takes the file's next bytes.
    package mutating func receive(_ more: [UInt8]) {
        guard failure == nil else { return }
        bytes.removeFirst(blockStart)
        base += UInt64(blockStart)
        cursor -= blockStart
        records = records.map { ($0.record.lowerBound - blockStart..<$0.record.upperBound - blockStart, $0.kind) }
        blockStart = 0
        bytes += more
    }

    /// The next whole block, or nil where more bytes are needed or the reader has stopped.
    package mutating func nextBlock() -> JournalBlock? {
        while failure == nil, let kind = nextRecord() {
            guard kind == .commit else { continue }
            return closeBlock()
        }
        return nil
    }

    /// How the journal ends, if no more bytes come.
    package var end: JournalEnd {
        let stopped = base + UInt64(cursor)
        let committed = base + UInt64(blockStart)
        let reason: JournalEnd.Reason = cursor < bytes.count ? .cut : stopped > committed ? .uncommitted : .whole
        return JournalEnd(reason: failure ?? (stopped == 0 ? .cut : reason), committed: committed, stopped: stopped)
    }

    /// Steps over one record that is all there.
    private mutating func nextRecord() -> JournalRecordKind? {
        if base + UInt64(cursor) == 0 {
            let signature = JournalLayout.signature
            guard bytes.count >= signature.count || !signature.starts(with: bytes) else { return nil }
            guard bytes.starts(with: signature) else { return stop(.noJournal) }
            cursor = signature.count
        }
        guard bytes.count - cursor >= JournalLayout.headBytes else { return nil }
        let length = Int(bytes.littleEndian(UInt32.self, at: cursor))
        let end = cursor + JournalLayout.frameBytes + length
        guard length <= JournalLayout.maximumPayload, end - blockStart <= longestBlock else {
            return stop(.badRecord)
        }
        guard bytes.count >= end else { return nil }
        let checksum = bytes.littleEndian(UInt32.self, at: end - 4)
        guard
            checksum == CRC32.checksum(bytes, in: cursor..<(end - 4)),
            bytes.littleEndian(UInt64.self, at: cursor + 8) == sequence,
            let kind = JournalRecordKind(rawValue: bytes[cursor + 24])
        else { return stop(.badRecord) }
        records.append((cursor..<end, kind))
        cursor = end
        sequence += 1
        return kind
    }

    /// Checks the chain at the commit record just read, and gives the block out.
    private mutating func closeBlock() -> JournalBlock? {
        guard let commit = records.popLast() else { return nil }
        let value = hash(chain + bytes[blockStart..<commit.record.lowerBound])
        let last = record(commit)
        guard value[...] == last.payload else {
            cursor = commit.record.lowerBound
            failure = .badChain
            return nil
        }
        defer {
            records.removeAll(keepingCapacity: true)
            blockStart = cursor
            chain = value
        }
        return JournalBlock(records: records.map(record), time: last.time, chain: value)
    }

    private func record(_ read: (record: Range<Int>, kind: JournalRecordKind)) -> JournalRecord {
        let start = read.record.lowerBound
        let entry = bytes.littleEndian(UInt32.self, at: start + 4)
        return JournalRecord(
            entry: entry == JournalLayout.runEntry ? nil : Int(entry),
            time: bytes.littleEndian(UInt64.self, at: start + 16),
            kind: read.kind,
            payload: bytes[(start + JournalLayout.headBytes)..<(read.record.upperBound - 4)]
        )
    }

    private mutating func stop(_ reason: JournalEnd.Reason) -> JournalRecordKind? {
        failure = reason
        return nil
    }
}
