import RecordingExport
import RecordingFormat
import Testing

@Suite struct StepAssemblerTests {
    private static func steps(_ events: [(code: RecordedCode, text: String)]) -> [RecordedStep] {
        var assembler = StepAssembler()
        var steps: [RecordedStep] = []
        for (index, event) in events.enumerated() {
            let time = UInt64(index) * 1_000_000
            if let step = assembler.take(RecordedEvent(time: time, code: event.code, data: event.text)) {
                steps.append(step)
            }
        }
        return steps + (assembler.finish().map { [$0] } ?? [])
    }

    private static func kinds(_ step: RecordedStep) -> [String] {
        step.pieces.map { piece in
            switch piece.kind {
            case .prompt: "prompt \(piece.text)"
            case .input: "input \(piece.text)"
            case .shown(let code): "\(code) \(piece.text)"
            case .unseen(let code): "unseen \(code) \(piece.text)"
            }
        }
    }

    @Test("So many records are waited for, and those before them were not shown; none is lost")
    func recordsThatNobodyShows() {
        let errors = (0..<100).map { (code: RecordedCode.error, text: "e\($0).") }
        let shown = errors.map { (code: RecordedCode.output, text: $0.text + "\r\n") }
        let steps = Self.steps([(.marker, "line 1"), (.input, "x")] + errors + shown)
        #expect(steps.count == 1)
        let kinds = steps[0].pieces.dropFirst().map(\.kind)
        #expect(kinds.count == 136)
        #expect(kinds.prefix(36).allSatisfy { $0 == .unseen(.error) })
        #expect(kinds.dropFirst(36).prefix(36).allSatisfy { $0 == .shown(.output) })
        #expect(kinds.suffix(64).allSatisfy { $0 == .shown(.error) })
    }

    @Test("What a console showed is told apart by the record that came before it")
    func streamsOfShownText() {
        let steps = Self.steps([
            (.marker, "line 1"), (.output, "PS> "), (.output, "x\r\n"), (.input, "x"),
            (.warning, "w1"), (.output, "\u{1b}[33;1mWARNING: w1\u{1b}[0m\r\n"), (.output, "plain\r\n"),
            (.error, "{\"message\":\"two\\nlines\"}"), (.output, "Error: two\r\n"), (.output, "lines\r\n"),
            (.information, "{\"MessageData\":{\"Message\":\"h\"}}"), (.output, "h"),
            (.information, "{\"MessageData\":\"silent\"}"), (.output, "other\r\n"), (.progress, "{}"),
            (.error, "never shown"), (.step, SampleSession.result(1, "x", "error")),
        ])
        #expect(steps.count == 1)
        #expect(
            Self.kinds(steps[0]) == [
                "prompt PS> ", "input x", "warning \u{1b}[33;1mWARNING: w1\u{1b}[0m\r\n", "output plain\r\n",
                "error Error: two\r\n", "error lines\r\n", "information h",
                "unseen information {\"MessageData\":\"silent\"}", "output other\r\n", "unseen progress {}",
                "unseen error never shown",
            ]
        )
        #expect(steps[0].errors == "Error: two\r\nlines\r\n")
        #expect(steps[0].title == "line 1")
        #expect(steps[0].outcome == .error)
        #expect(steps[0].microseconds == 1_500)
    }

    @Test("A block's further lines have prompts of their own")
    func blocks() {
        let steps = Self.steps([
            (.marker, "line 1"), (.output, "PS> "), (.output, "if (1) {\r\n"), (.input, "if (1) {"),
            (.output, ">> 2 }\r\n"), (.input, "2 }"), (.output, "2\r\n"),
        ])
        #expect(Self.kinds(steps[0]) == ["prompt PS> ", "input if (1) {", "prompt >> ", "input 2 }", "output 2\r\n"])
        #expect(steps[0].text == "if (1) {\n2 }")
        #expect(steps[0].output == "2\r\n")
        #expect(steps[0].outcome == .unknown)
    }

    @Test("Lines that were typed in one go are input, each behind the console's own prompt, and not output")
    func linesInOneGo() {
        let steps = Self.steps([
            (.marker, "line 1"), (.output, "PS> "), (.output, "if (1) {\r\n>>   'a'\r\n"), (.input, "if (1) {\n  'a'"),
            (.output, ">>   'b'\r\n>> }\r\n>> else { 'c' }\r\n"), (.input, "  'b'\n}\nelse { 'c' }"),
            (.output, "a\r\n>> b\r\n"),
        ])
        #expect(
            Self.kinds(steps[0]) == [
                "prompt PS> ", "input if (1) {", "prompt >> ", "input   'a'", "prompt >> ", "input   'b'", "prompt >> ",
                "input }", "prompt >> ", "input else { 'c' }", "output a\r\n>> b\r\n",
            ]
        )
        #expect(steps[0].text == "if (1) {\n  'a'\n  'b'\n}\nelse { 'c' }")
        #expect(steps[0].output == "a\r\n>> b\r\n")
    }

    @Test("A prompt and the lines behind it may come in one piece")
    func promptAndLinesInOnePiece() {
        let steps = Self.steps([(.marker, "line 1"), (.output, "PS> a |\r\n>> b\r\n"), (.input, "a |\nb")])
        #expect(Self.kinds(steps[0]) == ["prompt PS> ", "input a |", "prompt >> ", "input b"])
        let other = Self.steps([(.marker, "line 1"), (.output, "PS> a\r\n>> x\r\n"), (.input, "a\nb")])
        #expect(Self.kinds(other[0]) == ["prompt PS> a\r\n>> x\r\n", "input a\nb"])
    }

    @Test("What comes behind a result is that step's, until the next one begins")
    func behindTheResult() {
        let steps = Self.steps([
            (.marker, "line 1"), (.output, "PS> "), (.output, "1\r\n"), (.input, "1"),
            (.step, SampleSession.result(1, "1", "ok")), (.output, "tick\r\n"), (.error, "late"),
            (.marker, "line 2"), (.input, "2"), (.step, SampleSession.result(2, "2", "ok")), (.output, "tock\r\n"),
            (.step, SampleSession.result(3, "3", "not_sent")), (.step, SampleSession.result(4, "4", "not_sent")),
            (.exit, "{\"outcome\":\"ok\"}"),
        ])
        #expect(steps.map(\.title) == ["line 1", "line 2", "line 3", "line 4"])
        #expect(steps.map(\.outcome) == [.ok, .ok, .notSent, .notSent])
        #expect(steps.map(\.output) == ["tick\r\n", "tock\r\n", "", ""])
        #expect(Self.kinds(steps[0]).last == "unseen error late")
    }

    @Test("What psrun says behind lines that were never sent is no output of theirs")
    func behindUnsentLines() {
        let steps = Self.steps([
            (.step, SampleSession.result(1, "1", "not_sent")), (.step, SampleSession.result(2, "2", "not_sent")),
            (.output, "psrun: why\r\n"), (.exit, "{\"outcome\":\"unreachable\"}"),
        ])
        #expect(steps.map(\.title) == ["line 1", "line 2", "session"])
        #expect(steps.map(\.output) == ["", "", "psrun: why\r\n"])
        #expect(!steps[2].isStep)
    }

    @Test("Lines that were never sent are steps, and what is outside of any step is kept")
    func outsideOfSteps() {
        let steps = Self.steps([
            (.connection, "open"), (.output, "welcome\r\n"), (.marker, "profile"), (.step, "{\"outcome\":\"ok\"}"),
            (.step, SampleSession.result(2, "y", "not_sent")), (.exit, "{\"outcome\":\"ok\"}"),
        ])
        #expect(steps.map(\.title) == ["session", "profile", "line 2"])
        #expect(steps.map(\.outcome) == [nil, .ok, .notSent])
        #expect(Self.kinds(steps[0]) == ["unseen connection open", "output welcome\r\n"])
        #expect(steps[2].text == "y")
    }
}
