import PSRunTestSupport
import RecordingFormat
import Testing

/// The quick reader of events says what the decoder of lines says.
@Suite struct CastEventReaderTests {
    private static func agree(_ line: String, number: Int = 2) {
        let bytes = ArraySlice(line.utf8)
        var reader = CastEventReader()
        let decoded = Result { () throws(CastError) in try CastLine(decoding: bytes, number: number) }
        let read = Result { () throws(CastError) in try reader.read(bytes, number: number) }
        switch (decoded, read) {
        case (.success(.event(let event)), .success(let found?)):
            #expect(found == (event.time, event.code), "\(line)")
            #expect(String(decoding: reader.text, as: UTF8.self) == event.data, "\(line)")
        case (.success(.header), .success(nil)), (.success(.other), .success(nil)): break
        case (.failure(let first), .failure(let second)): #expect(first == second, "\(line)")
        default: Issue.record("\(line): \(decoded), but \(read)")
        }
    }

    @Test("What is written is read back")
    func whatIsWrittenIsRead() {
        var generator = SplitMix64(seed: 7)
        let parts = ["a", "\r\n", "\"", "\\", "\t", "\u{1B}[31m", "é", "🙂", "\u{80}", "\u{2028}", "\u{0}", "word "]
        for _ in 0..<2_000 {
            let text = (0..<(generator.next() % 12)).map { _ in parts[Int(generator.next() % UInt64(parts.count))] }
                .joined()
            var bytes: [UInt8] = []
            let code = RecordedCode.allCases[Int(generator.next() % UInt64(RecordedCode.allCases.count))]
            CastEncoder.append(time: generator.next() % 9_000_000_000_000_000, code: code, text: text.utf8, to: &bytes)
            Self.agree(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(
        "Lines of other writers are read as by the general reader",
        arguments: [
            #"[1, "o", "x"]"#, #"[1.5,"o","x"]"#, #" [ 1.000000 , "o" , "x" ] "#, #"[1.000000, "o", "\/\b\f\u00e9"]"#,
            #"[1.000000, "o", "\ud83d\ude42"]"#, #"[1.000000, "o", "\ud83d"]"#, #"[1.000000, "r", "80x24"]"#,
            #"[1.000000, "oo", "x"]"#, #"[1.000000, "o", "x", 1]"#, #"[1.000000, "o", "x"y"]"#, #"[1.000000, "o", "x"#,
            #"[1.000000, "o"]"#, #"[1.000000, "o", 5]"#, #"[-1.000000, "o", "x"]"#, #"[1.0000001, "o", "x"]"#, "", "[",
            "x",
            #"[1.000000, "o", "\u12"]"#, #"[1.000000, "o", "\x"]"#, #"[1.000000, "o", "]"#,
            #"[99999999999.000000, "o", "x"]"#, #"[9999999999.999999, "o", "x"]"#, #"[9000000000.000000, "o", "x"]"#,
            #"[18446744073, "o", "x"]"#, #"[9000000000, "o", "x"]"#,
            "[1.000000, \"o\", \"tab\tin it\"]", #"[1.000000, "o", "\"]"#, #"[.000000, "o", "x"]"#, #"[1e3, "o", "x"]"#,
            #"{"version": 2}"#,
        ]
    )
    func linesOfOthersAreReadAsEver(line: String) {
        Self.agree(line)
        Self.agree(line + "\n")
        Self.agree(line, number: 1)
    }

    @Test(
        "A time beyond what a player can add to is refused",
        arguments: ["9000000000", "9000000000.000000", "9999999999.999999", "18446744073", "1e308"]
    )
    func aTimeThatNoPlayerCouldAddToIsNone(time: String) throws {
        let line = Array(#"[\#(time), "o", "x"]"#.utf8)
        var reader = CastEventReader()
        #expect(throws: CastError.self) { try reader.read(line[...], number: 2) }
        #expect(throws: CastError.self) { try CastLine(decoding: line[...], number: 2) }
    }

    @Test("A line with any byte changed is read as by the general reader")
    func everyChangedByteIsReadAsEver() {
        let line = Array(#"[12.345678, "o", "a\r\n\"\u001b[0m é"]"#.utf8)
        for place in line.indices {
            for byte: UInt8 in [0x00, 0x20, 0x22, 0x2C, 0x30, 0x5B, 0x5C, 0x5D, 0x75, 0x7F] {
                var changed = line
                changed[place] = byte
                guard let text = String(validating: changed, as: UTF8.self) else { continue }
                Self.agree(text)
            }
        }
    }

    @Test("Bytes that are not UTF-8 are mended as by the general reader")
    func bytesThatAreNoTextAreMendedAlike() throws {
        let line = Array("[1.000000, \"o\", \"a".utf8) + [0xFF, 0xC3] + Array("b\"]\n".utf8)
        var reader = CastEventReader()
        _ = try reader.read(line[...], number: 2)
        #expect(String(validating: reader.text, as: UTF8.self) == "a\u{FFFD}\u{FFFD}b")
    }

    @Test("An index is searched for one target")
    func anIndexIsSearchedForOneTarget() {
        let targets = (0..<200).map { $0 == 77 ? "root@Web\($0).example.org:22" : "root@web\($0).example.org:22" }
        let entries = targets.enumerated().map { index, target in
            IndexedEntry(
                entry: index,
                frameOffset: 0,
                frameLength: 1,
                offset: 0,
                length: 1,
                name: RunName.member(entry: index, target: target),
                target: target
            )
        }
        let bytes = ArchiveIndex.encode(entries)
        #expect(ArchiveIndex.decode(bytes, mentioning: "WEB77.example.org") == [entries[77]])
        #expect(ArchiveIndex.decode(bytes, mentioning: "web19.") == [entries[19]])
        #expect(ArchiveIndex.decode(bytes, mentioning: "web19")?.count == 11)
        #expect(ArchiveIndex.decode(bytes, mentioning: "root@web199.example.org:22") == [entries[199]])
        #expect(ArchiveIndex.decode(bytes, mentioning: "web200") == nil)
        #expect(ArchiveIndex.decode(bytes, mentioning: "") == nil)
        #expect(ArchiveIndex.decode(bytes, mentioning: "web") == entries)
    }
}
