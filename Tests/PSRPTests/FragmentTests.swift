import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// Fragments: cut anywhere, interleaved, bounded, and each fault named.
@Suite struct FragmentTests {
    @Test("Messages are split at the size of real fragments")
    func splitsAtTheSizeOfRealOnes() {
        var splitter = FragmentSplitter()
        let size = CarriageTraits.outOfProcess.largestFragment
        let room = size - Fragment.headerSize
        #expect(splitter.begin([UInt8](repeating: 1, count: room)).fragments(of: size).map(\.count) == [32768])
        #expect(splitter.begin([UInt8](repeating: 1, count: room + 1)).fragments(of: size).map(\.count) == [32768, 22])
        let third = splitter.begin([1, 2, 3]).fragments(of: size)
        #expect(third == [[0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 1, 2, 3]])
    }

    @Test("Fragments that are cut anywhere make the messages again", arguments: 1...64 as ClosedRange<Int>)
    func putsTogetherWhatIsCutAnywhere(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var splitter = FragmentSplitter()
        let messages = (0..<5).map { index in
            [UInt8](repeating: UInt8(index), count: Int.random(in: 1...100_000, using: &random))
        }
        let bytes = messages.flatMap { splitter.begin($0).fragments(of: 32768) }.flatMap(\.self)
        var reassembler = FragmentReassembler(limits: SessionLimits())
        var received: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = Int.random(in: 1...60_000, using: &random)
            received += try reassembler.receive(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(received == messages)
        #expect(reassembler.isAtRest)
    }

    @Test("A fragment is as large as the carriage allows at that moment, and a message's bytes stay in order")
    func sizesThatChange() throws {
        var splitter = FragmentSplitter()
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var rest = splitter.begin(message)
        var reassembler = FragmentReassembler(limits: SessionLimits())
        var (counts, received): ([Int], [[UInt8]]) = ([], [])
        for size in [121, 0, 521, 32768] {
            var fragment: [UInt8] = []
            rest.appendNext(to: &fragment, largest: size)
            counts.append(fragment.count)
            received += try reassembler.receive(fragment)
        }
        #expect(counts == [121, 22, 521, 420])
        #expect(rest.isAtEnd && reassembler.isAtRest)
        #expect(received == [message])
    }

    /// Ids that start anywhere, skip and go backwards, as a real server's counter does.
    @Test("Fragments of several objects may be interleaved, with ids in any order")
    func interleavedObjects() throws {
        var reassembler = FragmentReassembler(limits: SessionLimits())
        let order = [
            fragment(900, 0, 1, "a"), fragment(7, 0, 1, "x"), fragment(900, 1, 0, "b"), fragment(3, 0, 3, "whole"),
            fragment(7, 1, 2, "y"), fragment(900, 2, 2, "c"), fragment(900, 0, 3, "again"),
        ]
        let messages = try order.flatMap { try reassembler.receive($0) }
        #expect(messages.map { String(decoding: $0, as: UTF8.self) } == ["whole", "xy", "abc", "again"])
    }

    @Test("Each fault of a fragment has its code")
    func faults() throws {
        let faults: [([[UInt8]], PSRPError.Code)] = [
            ([fragment(0, 0, 3, "a")], .malformedFragment),
            ([fragment(1, 0, 3, "")], .malformedFragment),
            ([fragment(1, 0, 0, "a")], .malformedFragment),
            ([fragment(1, 1, 1, "a")], .malformedFragment),
            ([fragment(1, 0, 7, "a")], .malformedFragment),
            ([fragment(1, 1, 2, "a")], .malformedFragment),
            ([fragment(1, 0, 1, "a"), fragment(1, 0, 1, "a")], .malformedFragment),
            ([fragment(1, 0, 1, "a"), fragment(1, 2, 2, "a")], .malformedFragment),
            ([fragment(1, 0, 1, "a"), fragment(2, 1, 2, "a")], .malformedFragment),
            ([fragment(1, 0, 1, "abcdef"), fragment(1, 1, 2, "abcdef")], .limit),
            ([fragment(1, 0, 1, "abcdef"), fragment(2, 0, 1, "abcdef")], .limit),
            ([fragment(1, 0, 3, "abcdefghijk")], .limit),
            ([Array(fragment(1, 0, 3, "").prefix(17)) + [0xFF, 0xFF, 0xFF, 0xFF]], .limit),
            ((1...3).map { fragment($0, 0, 1, "a") }, .limit),
        ]
        var limits = SessionLimits()
        limits.messageBytes = 10
        limits.openMessages = 2
        for (fragments, code) in faults {
            var reassembler = FragmentReassembler(limits: limits)
            let error = #expect(throws: PSRPError.self) {
                for fragment in fragments { _ = try reassembler.receive(fragment) }
            }
            #expect(error?.code == code, "\(fragments)")
        }
    }

    private func fragment(_ object: UInt64, _ number: UInt64, _ flags: UInt8, _ text: String) -> [UInt8] {
        func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64((count - 1 - $0) * 8)) }
        }
        return bytes(object, 8) + bytes(number, 8) + [flags] + bytes(UInt64(text.utf8.count), 4) + Array(text.utf8)
    }
}
