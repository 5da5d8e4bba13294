import ConsoleText
import PSRunTestSupport
import Testing

@Suite("Control sequences")
struct ControlSequenceTests {
    private static let sequences: [(text: String, kind: ControlSequence.Kind)] = [
        ("\u{1B}7", .escape), ("\u{1B}=", .escape), ("\u{1B}c", .escape), ("\u{1B}(B", .escape),
        ("\u{1B}\\", .escape), ("\u{1B}#8", .escape), ("\u{1B}$(D", .escape),
        ("\u{1B}[m", .control), ("\u{1B}[1;31m", .control), ("\u{1B}[38:2::1:2:3m", .control),
        ("\u{1B}[?2026h", .control), ("\u{1B}[2 q", .control), ("\u{1B}[>4;2m", .control),
        ("\u{1B}]0;title\u{7}", .string), ("\u{1B}]8;;http://host/\u{1B}\\", .string),
        ("\u{1B}Ptmux;\u{1B}\u{1B}[31m\u{1B}\\", .string), ("\u{1B}Xé\u{1B}\\", .string),
        ("\u{1B}^p\u{1B}\\", .string), ("\u{1B}_Gi=1\u{1B}\\", .string), ("\u{1B}]\u{7}", .string),
    ]

    private static func whole(_ text: String, at start: Int = 0) -> ControlSequence? {
        var text = text
        return text.withUTF8 { ControlSequence(in: $0, at: start) }
    }

    @Test("Each form of ECMA-48 is taken whole, and nothing behind it", arguments: sequences)
    func forms(text: String, kind: ControlSequence.Kind) throws {
        let sequence = try #require(Self.whole("ab\(text)cd", at: 2))
        #expect(sequence.kind == kind)
        #expect(sequence.range == 2..<2 + text.utf8.count)
    }

    @Test("Cut in two anywhere, a sequence is the same one", arguments: sequences)
    func everySplit(text: String, kind: ControlSequence.Kind) {
        let bytes = Array(text.utf8)
        for place in 0..<bytes.count {
            var scanner = ControlSequenceScanner()
            for byte in bytes[..<place] { #expect(scanner.take(byte) == .more) }
            var resumed = ControlSequenceScanner(behind: bytes[..<place])
            #expect(resumed == scanner)
            for (index, byte) in bytes.enumerated().dropFirst(place) {
                let verdict = resumed.take(byte)
                #expect(verdict == (index == bytes.count - 1 ? .whole(kind) : .more))
            }
        }
    }

    @Test(
        "What is damaged or cut off is not a sequence",
        arguments: [
            "", "x", "\u{1B}", "\u{1B}[", "\u{1B}[31", "\u{1B}[3\u{1B}[m", "\u{1B}[é", "\u{1B}[1\nm", "\u{1B}\u{1B}[m",
            "\u{1B}(", "\u{1B}]0;title", "\u{1B}]0;title\u{1B}", "\u{9B}31m", "\u{1B}é",
        ]
    )
    func noSequence(text: String) {
        #expect(Self.whole(text) == nil)
    }

    @Test(
        "Looked at whole and taken byte by byte, any text begins with the same sequence",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func bothWays(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet: [UInt8] = [
            0x1B, 0x5B, 0x5D, 0x5C, 0x07, 0x20, 0x28, 0x31, 0x3B, 0x3F, 0x6D, 0x7E, 0x7F, 0x0A, 0xC3,
        ]
        for _ in 0..<500 {
            let rest = (0..<Int.random(in: 0..<9, using: &random)).compactMap { _ in
                alphabet.randomElement(using: &random)
            }
            let bytes = [0x1B] + rest
            var scanner = ControlSequenceScanner()
            var expected: ControlSequence.Kind?
            let taken = bytes.prefix { byte in
                let verdict = scanner.take(byte)
                if case .whole(let kind) = verdict { expected = kind }
                return verdict == .more
            }
            let found = bytes.withUnsafeBufferPointer { ControlSequence(in: $0, at: 0) }
            #expect(found?.kind == expected)
            if let found { #expect(found.range == 0..<taken.count + 1) }
        }
    }

    @Test("The byte that breaks a sequence may begin the next")
    func broken() {
        let text = "\u{1B}[3\u{1B}[1m"
        #expect(Self.whole(text) == nil)
        #expect(Self.whole(text, at: 3)?.range == 3..<7)
    }

    @Test("No sequence is longer than 512 bytes", arguments: [("[", "0", "m"), ("]", "t", "\u{7}"), ("(", " ", "B")])
    func hostileLengths(introducer: String, part: String, end: String) {
        func text(_ length: Int) -> String {
            "\u{1B}" + introducer + String(repeating: part, count: length - 3) + end
        }
        #expect(Self.whole(text(ControlSequence.longest))?.range.count == 512)
        #expect(Self.whole(text(ControlSequence.longest + 1)) == nil)
        var scanner = ControlSequenceScanner()
        let taken = text(1 << 20).utf8.prefix { scanner.take($0) == .more }
        #expect(taken.count == 511)
    }

    @Test("Of all sequences only SGR has a style")
    func styles() {
        func parameters(_ text: String) -> Range<Int>? {
            var text = text
            return text.withUTF8 { ControlSequence.styleParameters(in: $0, at: 0) }
        }
        #expect(parameters("\u{1B}[1;31mx") == 2..<6)
        #expect(parameters("\u{1B}[m") == 2..<2)
        for other in ["\u{1B}[?1m", "\u{1B}[>4;2m", "\u{1B}[1 m", "\u{1B}[2J", "\u{1B}]0;m\u{7}", "\u{1B}[1", "x[1m"] {
            #expect(parameters(other) == nil, "\(other.debugDescription)")
        }
    }

    @Test("Bytes are found wherever they stand, as one by one", arguments: 1...20 as ClosedRange<UInt64>)
    func byteSearch(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let alphabet: [UInt8] = [0x1A, 0x1B, 0x1C, 0x0A, 0x20, 0x7E, 0x7F, 0x80, 0x9B, 0xFF, 0x61, 0x00]
        let bytes = (0..<Int.random(in: 0..<70, using: &random)).map { _ in
            Bool.random(using: &random) ? 0x61 : alphabet.randomElement(using: &random) ?? 0
        }
        bytes.withUnsafeBufferPointer { text in
            for start in 0...text.count {
                let rest = text[start...]
                #expect(text.firstOffset(of: 0x1B, from: start) == rest.firstIndex(of: 0x1B))
                #expect(text.firstControl(from: start) == rest.firstIndex { $0 < 0x20 })
            }
        }
    }

    @Test("Marks are what a scanner of every character finds, in any part of a text")
    func marks() {
        let text = Array("é\u{1B}[31mred\tx\n\u{1B}[m\n日本\u{1B}[1;4mend\n".utf8)
        text.withUnsafeBufferPointer { text in
            var expected: [TextMarks.Mark] = []
            var scanner = TextScanner(text, text.indices)
            while case let offset = scanner.offset, let token = scanner.next() {
                switch token {
                case .lineEnd: expected.append(.lineEnd(offset))
                case .style(let parameters): expected.append(.style(parameters: parameters))
                case .character, .tab: break
                }
            }
            var found: [TextMarks.Mark] = []
            var marks = TextMarks(text, text.indices)
            while let mark = marks.next() { found.append(mark) }
            #expect(found == expected && found.count == 6)
        }
    }

    @Test("A text takes the cells of its characters")
    func widths() {
        #expect(CellWidth.of("abc") == 3)
        #expect(CellWidth.of("日本") == 4)
        #expect(CellWidth.of("e\u{301}") == 1)
        #expect(CellWidth.of("") == 0)
    }
}
