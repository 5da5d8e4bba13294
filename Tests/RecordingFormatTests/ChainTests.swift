import RecordingFormat
import Testing

@Suite struct ChainTests {
    private static func event(_ kind: ChainKind, _ run: String, what: String = "replay --host web02") -> ChainEvent {
        ChainEvent(
            seconds: 1_795_312_800,
            kind: kind,
            run: run,
            value: hexadecimal(mixingHash(Array(run.utf8))),
            who: "alice(1000)",
            what: what
        )
    }

    /// A chain's bytes, each line taken from what the lines before call for.
    private static func file(_ events: [ChainEvent]) -> [UInt8] {
        events.reduce(into: []) { bytes, event in
            bytes += (tail(bytes)?.line(for: event).encoded ?? []) + [0x0A]
        }
    }

    private static func tail(_ bytes: [UInt8]) -> ChainTail? {
        ChainTail(bytes, isWhole: true, hash: mixingHash)
    }

    private let file = Self.file([
        event(.run, "a"), event(.access, "a"), event(.run, "b"), event(.prune, "a"),
    ])

    @Test("Each line names the hash of the line before")
    func eachLineNamesTheHashOfTheLineBefore() throws {
        let chain = Chain(file, hash: mixingHash)
        #expect(chain.faults.isEmpty)
        #expect(chain.links.map(\.line.number) == [1, 2, 3, 4])
        #expect(chain.links.first?.line.previous == Chain.emptyHead)
        #expect(zip(chain.links, chain.links.dropFirst()).allSatisfy { $0.hash == $1.line.previous })
        let last = try #require(file.split(separator: 0x0A).last)
        #expect(chain.head == hexadecimal(mixingHash(Array(last))))
        let tail = Self.tail(file)
        #expect(tail?.lastRun == PreviousRun(run: "b", manifestHash: Self.event(.run, "b").value))
        #expect(tail?.head == chain.head)
        #expect(tail?.count == 4)
        #expect(chain.tornBytes == 0)
    }

    @Test("A chain without lines has the empty head")
    func aChainWithoutLinesHasTheEmptyHead() {
        #expect(Chain([], hash: mixingHash).head == Chain.emptyHead)
        let tail = Self.tail([])
        #expect(tail?.head == Chain.emptyHead)
        #expect(tail?.lastRun == nil)
        #expect(tail?.line(for: Self.event(.run, "a")).number == 1)
    }

    /// Who appends reads no more than the file's end, wherever the piece of it begins.
    @Test("The end of a chain's file tells the same head as the whole")
    func theEndOfTheFileTellsWhatTheWholeTells() throws {
        let file = file + Array("torn".utf8)
        let whole = try #require(Self.tail(file))
        #expect(whole.tornBytes == 4)
        let lines = file.split(separator: 0x0A)
        let needed = lines[2].count + lines[3].count + 2 + 4
        for length in file.indices {
            let tail = ChainTail(Array(file.suffix(length)), isWhole: false, hash: mixingHash)
            #expect(tail == (length > needed ? whole : nil), "\(length) bytes")
        }
    }

    @Test(
        "Any text may be a field of a line",
        arguments: ["", "-", "tab\tand\nline", "back\\slash \\x41", "ü\u{202E}\u{9B}", " blank "]
    )
    func anyTextIsAField(text: String) throws {
        let line = ChainLine(number: 1, previous: Chain.emptyHead, event: Self.event(.access, "a", what: text))
        #expect(line.encoded.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 })
        #expect(line.encoded.split(separator: 0x09, omittingEmptySubsequences: false).count == 8)
        let read = try #require(ChainLine(line.encoded[...]))
        #expect(read.event.what == (text.isEmpty ? "-" : text))
    }

    @Test("A line of other bytes is malformed")
    func otherBytesAreNoLine() {
        let line = String(
            decoding: ChainLine(number: 1, previous: Chain.emptyHead, event: Self.event(.run, "a", what: "\t")).encoded,
            as: UTF8.self
        )
        #expect(ChainLine(Array(line.utf8)[...]) != nil)
        let others = [
            "", "\(line)\t", "0\(line)", "+\(line)", line.replacing("run", with: "Run"),
            line.replacing("\\x09", with: "\\x41"),
            line.replacing("\\x09", with: "\\xC"), line.replacing("\\x09", with: "\\"),
            line.replacing("\\x09", with: ""),
            line.replacing("Z", with: ""), line.replacing("0000\t", with: "000g\t"), line.replacing("\\x09", with: "ü"),
            line.replacing("\\x09", with: "\\x0A"),
        ]
        for other in others { #expect(ChainLine(Array(other.utf8)[...]) == nil, "\(other)") }
    }

    @Test("Any change of any byte is a fault or another head")
    func anyChangeOfAnyByteIsAFaultOrAnotherHead() {
        let head = Chain(file, hash: mixingHash).head
        for offset in file.indices {
            var changed = file
            changed[offset] ^= [0x01, 0x20, 0x80][offset % 3]
            let chain = Chain(changed, hash: mixingHash)
            #expect(!chain.faults.isEmpty || chain.head != head || chain.tornBytes > 0, "byte \(offset)")
        }
    }

    @Test("Lines that were dropped, swapped or doubled are faults")
    func linesThatWereDroppedSwappedOrDoubledAreFaults() {
        let lines = file.split(separator: 0x0A)
        for order in [[1, 2, 3], [0, 2, 3], [1, 0, 2, 3], [0, 1, 3, 2], [0, 0, 1, 2, 3]] {
            let chain = Chain(order.flatMap { Array(lines[$0]) + [0x0A] }, hash: mixingHash)
            #expect(!chain.faults.isEmpty, "\(order)")
        }
    }

    @Test("A line without its end is torn and counts for nothing")
    func aLineWithoutItsEndIsTornAndCountsForNothing() {
        let whole = Chain(file, hash: mixingHash)
        let torn = Chain(file + Array("5\t00".utf8), hash: mixingHash)
        #expect(torn.tornBytes == 4)
        #expect(torn.head == whole.head)
        #expect(torn.faults.isEmpty)
    }

    @Test("What follows a malformed line is still read")
    func whatFollowsAMalformedLineIsStillRead() throws {
        let chain = Chain(Array("no line\n".utf8), hash: mixingHash)
        #expect(chain.faults == [Chain.Fault(line: 1, reason: .malformed)])
        let next = try #require(Self.tail(Array("no line\n".utf8))).line(for: Self.event(.run, "a"))
        #expect(next.number == 2)
        #expect(next.previous == chain.head)
        let longer = Chain(Array("no line\n".utf8) + next.encoded + [0x0A], hash: mixingHash)
        #expect(longer.faults.count == 1)
        #expect(longer.links.last?.line.event.run == "a")
    }
}
