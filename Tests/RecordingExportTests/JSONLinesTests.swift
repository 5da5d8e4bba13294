import PSRunTestSupport
import RecordingExport
import RecordingFormat
import Testing

@Suite struct JSONLinesTests {
    /// v2 to JSON lines and back.
    private func thereAndBack(_ cast: [UInt8]) throws -> [UInt8] {
        let jsonl = try encoded([("web01", cast)], by: JSONLinesEncoder())
        var back: [UInt8] = []
        for (number, line) in lines(of: jsonl).enumerated() {
            // Each line is JSON for anybody.
            _ = try JSONValue(parsing: Array(line))
            guard case .session(let session, let original) = try JSONLine(decoding: line, number: number + 1) else {
                #expect(number == 0)
                continue
            }
            #expect(session == ExportedSession(number: 1, target: "web01"))
            back += original
        }
        return back
    }

    @Test(
        "Every spelling of an asciicast comes back from JSON lines",
        arguments: [
            "{\"version\":2,\"width\":80,\"height\":24}\n[0.1, \"o\", \"\\ud800 alone\"]\n[1e0, \"E\", \"\\u0000\\u001b[2J\"]\n",
            "{ \"height\": 24, \"version\": 2, \"width\": 80.0 , \"env\": {\"b\":1,\"a\":2}} \n[0.10,\"o\",\"x\"]\n",
            "{\"version\":2}\r\n[ 1.5 , \"m\" , \"\\/\" ]\r\n\n \n[2, \"r\", \"80x24\"]\n[3, \"marker\", \"\"]",
            "{\"version\":2,\"version\":2}\nno JSON at all\n[1, 2, 3]\n[1, \"o\", \"a\"] // and more\n",
            "[]\n{\"run\":\"x\"}\n[0.000001, \"\\u006f\", \"\u{2028}\u{202E}\u{7F}\u{85}\"]\n[-0.5, \"o\", \"\"]\n[01, \"o\", \"\"]\n",
            "{\"version\":2}\n[1.0, \"o\", \"tab\tin it\"]\n[99999999999999999999999999, \"H\", \"\"]\n",
        ]
    )
    func everySpellingComesBack(cast: String) throws {
        #expect(try thereAndBack(Array(cast.utf8)) == Array(cast.utf8))
    }

    @Test("Bytes at random, from all of a cast's alphabet and from none, come back")
    func randomBytesComeBack() throws {
        var generator = SplitMix64(seed: 5)
        let alphabet = Array("[]{}\",.:0123456789eE+-\\/u nrtoiEWXH\r\n\u{1b}\u{7f}é€😀\u{2028}".utf8)
        for round in 0..<2_000 {
            var cast = Array("{\"version\":2,\"width\":80,\"height\":24}\n".utf8)
            for _ in 0..<Int.random(in: 0..<120, using: &generator) {
                let any = UInt8.random(in: 0...255, using: &generator)
                cast.append(round % 3 == 0 ? any : alphabet.randomElement(using: &generator) ?? any)
            }
            #expect(try thereAndBack(cast) == cast, "round \(round)")
        }
    }

    @Test("Events at random, as psrun writes them, come back and are told by stream")
    func randomEventsComeBack() throws {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<300 {
            let events = (0..<20).map { index in
                let scalars = (0..<Int.random(in: 0..<12, using: &generator)).compactMap { _ in
                    Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &generator))
                }
                let text = String(String.UnicodeScalarView(scalars))
                let code = RecordedCode.allCases.randomElement(using: &generator) ?? .output
                return (Double(index) / 7, code, text)
            }
            let cast = SampleSession.cast(events)
            #expect(try thereAndBack(Array(cast.utf8)) == Array(cast.utf8))
            let jsonl = try encodedText(cast, by: JSONLinesEncoder())
            #expect(!jsonl.contains("\"line"))
        }
    }

    @Test("A filter may put members in another order, spell them anew, and leave lines out")
    func otherProgramsMayPassThemOn() throws {
        let line = Array(" { \"data\" : \"a\\u0041\", \"time\":1.50, \"stream\":\"warning\", \"more\":[1,{}],".utf8)
        let rest = Array("\"target\":\"\\u0077eb02\", \"entry\":2 }".utf8)
        let decoded = try JSONLine(decoding: (line + rest)[...], number: 1)
        let expected = Array("[1.50, \"W\", \"a\\u0041\"]\n".utf8)
        #expect(decoded == .session(ExportedSession(number: 2, target: "web02"), line: expected))
    }

    @Test(
        "A file that is not JSON lines of a recording is refused with its line",
        arguments: [
            "", "{}", "[]", "{\"entry\":0,\"target\":\"a\",\"line\":\"\"}", "{\"entry\":1,\"target\":\"a\"}",
            "{\"entry\":1,\"target\":\"a\",\"time\":1,\"stream\":\"no such\",\"data\":\"\"}",
            "{\"entry\":1,\"target\":\"a\",\"line_base64\":\"abc\"}", "{\"entry\":1,\"target\":\"a\",\"line\":\"\"} x",
        ]
    )
    func whatIsNoneIsRefused(line: String) {
        #expect(throws: CastError.self) { try JSONLine(decoding: Array(line.utf8)[...], number: 3) }
    }

    @Test("The run's line carries the manifest's members")
    func runLine() throws {
        let run = ExportedRun(name: "night", facts: ["run": "night", "exit_code": 4])
        let jsonl = try encodedText("", of: run, by: JSONLinesEncoder())
        #expect(jsonl == "{\"run\":\"night\",\"exit_code\":4}\n")
        #expect(try JSONLine(decoding: Array(jsonl.utf8)[...], number: 1) == .run(run))
    }
}
