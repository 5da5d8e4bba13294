import PSRunTestSupport
import RecordingFormat
import Testing

@Suite struct CastTests {
    private static func line(_ event: RecordedEvent) -> String {
        var bytes: [UInt8] = []
        CastEncoder.append(time: event.time, code: event.code, text: event.data.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("An event is a line of asciicast version 2")
    func anEventIsALineOfAsciicastTwo() {
        #expect(
            Self.line(RecordedEvent(time: 1_234_567_891, code: .output, data: "a\u{1b}[31m\"\\\r\n"))
                == "[1.234567, \"o\", \"a\\u001b[31m\\\"\\\\\\r\\n\"]\n"
        )
        #expect(Self.line(RecordedEvent(time: 0, code: .hash, data: "")) == "[0.000000, \"H\", \"\"]\n")
    }

    @Test("Every event comes back as it was written")
    func everyEventComesBackAsItWas() throws {
        let texts = [
            "", "\u{0}\u{1}\u{7f}\u{80}\u{2028}\u{10FFFF}", "🙂 ä\r\n\t\u{8}\u{c}", String(repeating: "\"", count: 99),
        ]
        for code in RecordedCode.allCases {
            for (index, text) in texts.enumerated() {
                let event = RecordedEvent(time: UInt64(index) * 3_600_000_001_000, code: code, data: text)
                let line = ArraySlice(Self.line(event).utf8)
                #expect(try CastLine(decoding: line, number: 2) == .event(event))
            }
        }
    }

    @Test("Times are exact to the microsecond")
    func timesAreExactToTheMicrosecond() throws {
        var generator = SplitMix64(seed: 42)
        for _ in 0..<5_000 {
            let time = generator.next() % 9_000_000_000_000 * 1_000
            let event = RecordedEvent(time: time, code: .output, data: "")
            #expect(try CastLine(decoding: ArraySlice(Self.line(event).utf8), number: 2) == .event(event))
        }
    }

    @Test("The header comes back as it was written")
    func theHeaderComesBackAsItWas() throws {
        let header = EntryHeader(
            target: "u@[::1]:22",
            columns: 132,
            rows: 50,
            startedSeconds: 1_795_312_801,
            title: "t\n"
        )
        let line = CastEncoder.headerLine(header, entry: 6)
        #expect(try CastLine(decoding: line[...], number: 1) == .header(header))
        #expect(
            String(decoding: line, as: UTF8.self)
                == "{\"version\":2,\"width\":132,\"height\":50,\"timestamp\":1795312801,\"title\":\"t\\n\","
                + "\"psrun\":{\"format\":1,\"entry\":7,\"target\":\"u@[::1]:22\"}}\n"
        )
    }

    @Test("Lines that other programs wrote are read")
    func anotherPlayersLinesAreRead() throws {
        func decode(_ text: String) throws -> CastLine { try CastLine(decoding: ArraySlice(text.utf8), number: 2) }
        let plain = CastLine.event(RecordedEvent(time: 1_000_000_000, code: .output, data: "é\u{FFFD}🙂/"))
        #expect(try decode(#"[ 1 , "o" , "\u00e9\ud800\ud83d\ude42\/" ]"#) == plain)
        #expect(try decode(#"[1.5e-05, "r", "80x24"]"#) == .other)
    }

    @Test(
        "What is not an event is an error that names its line",
        arguments: [
            "", "x", "[]", "[1]", "[1, \"o\"]", "[-1, \"o\", \"\"]", "[\"1\", \"o\", \"\"]", "[1, \"o\", \"a",
            "[1, \"o\", \"\u{1}\"]",
            "[1, \"o\", \"\\x\"]", "[1, \"o\", \"\\u12g4\"]", "[1, \"o\", \"\"] x", "[1e400, \"o\", \"\"]",
            "{\"version\": 3}",
        ]
    )
    func whatIsNoEventIsToldWithItsLine(text: String) {
        #expect(throws: CastError.self) { try CastLine(decoding: ArraySlice(text.utf8), number: 7) }
        #expect(throws: CastError.self) { try CastLine(decoding: ArraySlice(text.utf8), number: 1) }
    }

    @Test("Lines are whole wherever the pieces of a file end")
    func linesAreCutWhereverThePiecesEnd() {
        let text = Array("one\n\ntwo\nthree".utf8)
        for piece in 1...text.count {
            var splitter = CastLineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: piece) {
                splitter.receive(text[start..<min(start + piece, text.count)])
                while let line = splitter.nextLine() { lines.append(String(decoding: line, as: UTF8.self)) }
            }
            #expect(lines == ["one\n", "\n", "two\n"])
            #expect(String(decoding: splitter.rest, as: UTF8.self) == "three")
        }
    }
}
