import RecordingFormat
import Testing

/// A stand-in for SHA-256: 32 bytes that depend on all bytes and their order. The format only passes it through.
let mixingHash: HashFunction = { bytes in
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    // The last bytes have reached no low bit yet.
    state = (state ^ state >> 32) &* 0x9E37_79B9_7F4A_7C15
    return (0..<32).map { UInt8(truncatingIfNeeded: (state &* UInt64(2 * $0 + 1)) >> 24) }
}

@Suite struct JournalTests {
    /// Three blocks of some records each.
    private static let blocks: [[JournalRecord]] = [
        [record(nil, .run, "{}"), record(nil, .playbook, "'a'\n")],
        [
            record(0, .begin, "{\"target\":\"a\"}"), record(0, .event(.output), "ä\u{1b}[0m\r\n"),
            record(0, .finish, ""),
        ],
        [record(70_000, .event(.exit), String(repeating: "x", count: 90))],
    ]

    private static func record(_ entry: Int?, _ kind: JournalRecordKind, _ text: String) -> JournalRecord {
        JournalRecord(entry: entry, time: 1 << 40, kind: kind, payload: ArraySlice(text.utf8))
    }

    /// The journal's bytes, and the end of each block in them.
    private static func journal() -> (bytes: [UInt8], ends: [Int]) {
        var encoder = JournalEncoder(hash: mixingHash)
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for block in blocks {
            for record in block { encoder.append(record) }
            bytes += encoder.closeBlock(time: UInt64(ends.count))
            ends.append(bytes.count)
        }
        return (bytes, ends)
    }

    /// Reads bytes fed in pieces of a size.
    private static func read(_ bytes: [UInt8], piece: Int) -> (blocks: [[JournalRecord]], end: JournalEnd) {
        var reader = JournalReader(hash: mixingHash)
        var blocks: [[JournalRecord]] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            reader.receive(Array(bytes[start..<min(start + piece, bytes.count)]))
            while let block = reader.nextBlock() { blocks.append(block.records) }
        }
        return (blocks, reader.end)
    }

    @Test("What is written is read back in pieces of any size", arguments: [1, 2, 7, 64, 10_000])
    func whatIsWrittenIsReadInPiecesOfAnySize(piece: Int) {
        let (bytes, _) = Self.journal()
        let (blocks, end) = Self.read(bytes, piece: piece)
        #expect(blocks == Self.blocks)
        #expect(end == JournalEnd(reason: .whole, committed: UInt64(bytes.count), stopped: UInt64(bytes.count)))
    }

    @Test("A tail torn at any byte loses only the open block")
    func aTailTornAtAnyByteLosesOnlyTheOpenBlock() {
        let (bytes, ends) = Self.journal()
        for length in 0..<bytes.count {
            let (blocks, end) = Self.read(Array(bytes[..<length]), piece: 50)
            let whole = ends.filter { $0 <= length }.count
            #expect(blocks == Array(Self.blocks[..<whole]), "cut at \(length)")
            #expect(end.committed == UInt64(whole == 0 ? 0 : ends[whole - 1]), "cut at \(length)")
            #expect((end.reason == .whole) == ends.contains(length), "cut at \(length): \(end.reason)")
            #expect(end.stopped <= UInt64(length))
        }
    }

    @Test("A tail of zeros or of noise loses only the open block")
    func aTailOfZerosOrOfNoiseLosesOnlyTheOpenBlock() {
        let (bytes, ends) = Self.journal()
        for length in ends[0]..<bytes.count {
            for filler: UInt8 in [0, 0xA5, 0xFF] {
                let torn = Array(bytes[..<length]) + [UInt8](repeating: filler, count: 80)
                let blocks = Self.read(torn, piece: 33).blocks
                // A filler may happen to be a cut block's very next byte, never all that follows.
                #expect(blocks == Array(Self.blocks[..<ends.filter { $0 <= length }.count]), "\(filler) at \(length)")
            }
        }
    }

    @Test("Any changed byte is noticed where it is")
    func anyChangedByteIsNoticedWhereItIs() {
        let (bytes, ends) = Self.journal()
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 0x10
            let (blocks, end) = Self.read(changed, piece: bytes.count)
            let before = ends.filter { $0 <= offset }.count
            #expect(blocks == Array(Self.blocks[..<before]), "changed at \(offset)")
            #expect(end.reason != .whole, "changed at \(offset)")
            #expect(end.stopped <= UInt64(offset), "changed at \(offset)")
        }
    }

    @Test("A block that was left out breaks the sequence and the chain")
    func aBlockThatWasLeftOutBreaksTheSequenceAndTheChain() {
        let (bytes, ends) = Self.journal()
        let without = Array(bytes[..<ends[0]]) + Array(bytes[ends[1]...])
        let (blocks, end) = Self.read(without, piece: 64)
        #expect(blocks.count == 1)
        #expect(end == JournalEnd(reason: .badRecord, committed: UInt64(ends[0]), stopped: UInt64(ends[0])))
    }

    @Test("A block of another journal breaks the chain")
    func aBlockOfAnotherJournalBreaksTheChain() {
        var one = JournalEncoder(hash: mixingHash)
        var other = JournalEncoder(hash: mixingHash)
        one.append(Self.record(0, .event(.output), "one"))
        other.append(Self.record(0, .event(.output), "two"))
        let first = one.closeBlock(time: 0)
        _ = other.closeBlock(time: 0)
        other.append(Self.record(0, .event(.output), "three"))
        let (blocks, end) = Self.read(first + other.closeBlock(time: 0), piece: 64)
        #expect(blocks.count == 1)
        #expect(end.reason == .badChain)
        #expect(end.committed == UInt64(first.count))
    }

    @Test("A file of another kind is not taken for a journal")
    func anotherFileIsNoJournal() {
        #expect(Self.read(Array("{\"version\": 2}\n".utf8), piece: 4).end.reason == .noJournal)
        #expect(Self.read([], piece: 1).end == JournalEnd(reason: .cut, committed: 0, stopped: 0))
    }

    @Test("Descriptions of runs come back from the journal")
    func descriptionsSurviveTheJournal() {
        let run = RunDescription(
            playbookName: "a\"b\n.ps1",
            playbookBytes: [0, 255, 13],
            startedSeconds: 5,
            psrunVersion: "0.1.0",
            targets: ["ä", "b\tc", ""]
        )
        #expect(RunDescription(journalPayload: run.journalPayload, playbookBytes: [0, 255, 13]) == run)
        let header = EntryHeader(target: "x", columns: 0, rows: 24, startedSeconds: 1 << 32, title: "\u{0}")
        #expect(EntryHeader(journalPayload: header.journalPayload) == header)
        #expect(EntryHeader(journalPayload: Array("{}".utf8)) == nil)
    }
}
