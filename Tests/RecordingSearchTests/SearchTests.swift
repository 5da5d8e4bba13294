import Patterns
import RecordingFormat
import RecordingSearch
import Testing

@Suite struct SearchTests {
    @Test("A hit has its place, step and time")
    func aHitHasItsPlaceStepAndTime() async throws {
        let run = try await SearchedRun([
            ("web1", [RecordedEvent(time: 5_000, code: .output, data: "nothing\r\n")]),
            (
                "root@web2:22",
                [
                    RecordedEvent(time: 0, code: .output, data: "[web2]: PS> "),
                    RecordedEvent(time: 1_000_000_000, code: .marker, data: "line 2"),
                    RecordedEvent(time: 1_000_000_000, code: .input, data: "Get-Disk \"a\""),
                    RecordedEvent(time: 1_000_000_000, code: .output, data: "Get-Disk \"a\"\r\n"),
                    RecordedEvent(time: 2_000_000_000, code: .output, data: "disk is fu"),
                    RecordedEvent(time: 3_000_000_000, code: .output, data: "ll, full\r\nnext\r\n"),
                    RecordedEvent(time: 3_000_000_000, code: .step, data: "{}"),
                    RecordedEvent(time: 4_000_000_000, code: .output, data: "[web2]: PS> "),
                ]
            ),
        ])
        let hit = try #require(try run.hits("full").first)
        #expect(hit.run == "20261122T020000Z-nightly-3fa91c")
        #expect(hit.target == "root@web2:22")
        #expect(hit.entry == 2)
        #expect(hit.time == 3_000_000_000)
        #expect(hit.startedSeconds == 1_795_312_800)
        #expect(hit.step == "line 2")
        #expect(hit.stepText == "Get-Disk \"a\"")
        #expect(hit.text == "disk is full, full")
        #expect(hit.matches == [8..<12, 14..<18])
        // A prompt and what is typed behind it are one line, and belong to their steps.
        let prompts = try run.hits("PS>")
        #expect(prompts.map(\.text) == ["[web2]: PS> Get-Disk \"a\"", "[web2]: PS> "])
        #expect(prompts.map(\.step) == [nil, nil])
        #expect(try run.hits("PS> Get").map(\.step) == ["line 2"])
        #expect(try run.hits("full", targets: ["web1"]).isEmpty)
    }

    @Test(
        "A line is what a person saw on the screen",
        arguments: [
            (["needle\r\n"], "needle"),
            (["ne", "ed", "l", "e\r\n"], "needle"),
            (["ne\u{1b}[31med\u{1b}[0mle\r\n"], "^needle$"),
            (["ne\u{1b}[3", "1;4medle"], "needle"),
            (["ne\u{1b}[Kedle"], "needle"),
            (["\u{1b}[1mne\u{1b}(B\u{1b}[med\u{1b}7le"], "^needle$"),
            (["ne\u{1b}\u{1b}[31medle"], "^ne\u{1b}edle$"),
            (["\u{1b}]0;needle\u{7}prompt"], "needle.prompt"),
            (["a \"needle\" \\n\t\r\n"], #""needle" \\n\t$"#),
            (["x\u{2028}needle\u{9b}\r\n"], "\u{2028}needle\u{9b}"),
            (["🜲🜲\r\n"], "^🜲{2}$"),
            (["größe\r\n"], "ÖSS?|GRÖSSE|größe"),
            (["50%\rneedle\rrest\r\n"], "^needle$"),
            (["needle\r", "\nnext\r\n"], "^needle$"),
            (["one\n\ntwo needle"], "^two needle$"),
            (["needle"], "needle$"),
            (["\\", "n needle\r\n"], #"^\\n needle"#),
            (["ends with \\n", " needle\r\n"], #"\\n needle"#),
            (["error or failure\r\n"], "warning|failure"),
            (["call 555-0199 now\r\n"], #"\d{3}-\d{4}"#),
        ]
    )
    func aLineIsWhatAPersonSaw(pieces: [String], pattern: String) async throws {
        let run = try await SearchedRun(showing: pieces)
        #expect(try run.hits(pattern).count == 1)
    }

    @Test(
        "What was answered is told from what was asked: prompts, lines as they were sent, and a block's further lines"
    )
    func answers() async throws {
        func event(_ code: RecordedCode, _ text: String, _ time: UInt64 = 1_000) -> RecordedEvent {
            RecordedEvent(time: time, code: code, data: text)
        }
        let run = try await SearchedRun([
            (
                "web1",
                [
                    event(.output, "needle of a start-up script\r\n"), event(.marker, "line 1"),
                    event(.output, "[needle]: PS> "), event(.output, "echo needle |\r\n"),
                    event(.input, "echo needle |"),
                    event(.output, ">> sort needle\r\n"), event(.input, "sort needle"),
                    event(.output, "an"), event(.output, "swer needle\r\n"), event(.output, "open nee"),
                    event(.step, #"{"first_line":1}"#), event(.marker, "line 2"), event(.output, "\n[needle]: PS> "),
                    event(.output, "dle needle\r\n"), event(.input, "dle needle"), event(.output, "needle\r\nlast nee"),
                    event(.output, "dle"), event(.step, #"{"first_line":2}"#),
                    event(.exit, #"{"outcome":"broken","error":{"code":"c","message":"lost needle"}}"#),
                ]
            )
        ])
        let found = try run.hits("needle", streams: SearchStream.answers)
        #expect(
            found.map(\.text) == [
                "needle of a start-up script", "answer needle", "needle", "lost needle", "last needle",
            ]
        )
        #expect(found.map(\.step) == [nil, "line 1", "line 2", nil, "line 2"])
        #expect(found.map(\.stream) == [.output, .output, .output, .session, .output])
        #expect(try run.hits("nee$", streams: [.output]).map(\.text) == ["open nee"])
        #expect(try run.hits("needle", streams: [.console]).count == 7)
        #expect(try run.hits("needle", streams: Set(SearchStream.allCases)).filter { $0.stream == .output }.isEmpty)
    }

    @Test("Letter case is ignored where asked")
    func caseIsIgnoredWhereAsked() async throws {
        let run = try await SearchedRun(showing: ["DISK Kelvin\r\n", "disk \u{212A}elvin\r\n", "groß\r\n", "GROẞ\r\n"])
        #expect(try run.texts("disk").count == 1)
        #expect(try run.texts("Disk", options: .ignoreCase).count == 2)
        #expect(try run.texts("kelvin", options: .ignoreCase).count == 2)
        #expect(try run.texts("Groß", options: .ignoreCase).count == 2)
    }

    @Test("Only the streams that are chosen are searched")
    func streamsAreSearchedWhereChosen() async throws {
        let run = try await SearchedRun([
            (
                "web1",
                [
                    RecordedEvent(time: 0, code: .marker, data: "profile"),
                    RecordedEvent(time: 0, code: .input, data: "if (1) {\n  'boom'\n}"),
                    RecordedEvent(
                        time: 1,
                        code: .error,
                        data: #"{"message":"a \"boom\"\nin two lines","error_id":"Boom,X"}"#
                    ),
                    RecordedEvent(time: 1, code: .error, data: "a plain boom"),
                    RecordedEvent(time: 1, code: .warning, data: "\u{1b}[33mboo\u{1b}[0mm"),
                    RecordedEvent(time: 1, code: .verbose, data: "boom"),
                    RecordedEvent(time: 1, code: .object, data: #"{"Name":"boom","Size":1207}"#),
                    RecordedEvent(time: 1, code: .connection, data: "stderr: boom"),
                    RecordedEvent(
                        time: 2,
                        code: .exit,
                        data: #"{"outcome":"unreachable","error":{"code":"Boom","message":"no boom at web1"}}"#
                    ),
                ]
            )
        ])
        #expect(try run.hits("boom").map(\.text) == ["stderr: boom", "no boom at web1"])
        #expect(try run.hits("boom", streams: [.input]).map(\.text) == ["  'boom'"])
        #expect(try run.hits("boom", streams: [.error]).map(\.text) == ["a \"boom\"", "a plain boom"])
        #expect(try run.hits("a \"boom\"$", streams: [.error]).count == 1)
        #expect(try run.hits("^boom$", streams: [.warning, .verbose]).map(\.stream) == [.warning, .verbose])
        #expect(try run.hits("1207", streams: [.object]).map(\.text) == ["1207"])
        #expect(try run.hits("boom", streams: Set(SearchStream.allCases)).count == 8)
        #expect(try run.hits("boom", streams: [.error]).allSatisfy { $0.step == "profile" })
    }

    @Test("What psrun itself says of a connection is found where the connection is searched, and is no answer")
    func ownWordsAreNoAnswer() async throws {
        let own = ["open, protocol 2.3 needle", "blocks: needle", "place: {\"address\":\"needle\"}", "psrun: needle"]
        let theirs = ["noise: needle", "past the session: needle", "banner: needle", "stderr: needle"]
        let events = (own + theirs).map { RecordedEvent(time: 1, code: .connection, data: $0) }
        let run = try await SearchedRun([("web1", events)])
        #expect(try run.hits("needle", streams: SearchStream.answers).map(\.text) == theirs)
        #expect(try run.hits("needle").map(\.text) == theirs)
        #expect(try run.hits("needle", streams: [.connection]).map(\.text) == own + theirs)
        #expect(try run.hits("needle", streams: Set(SearchStream.allCases)).count == 8)
    }

    @Test("Targets at the edges of frames are found")
    func targetsAtTheEdgesOfFramesAreFound() async throws {
        let targets = (1...33).map { number in
            (
                name: "web\(number)",
                events: SearchedRun.shown(["first needle\r\n", "between\r\n", "last needle without an end"])
            )
        }
        let run = try await SearchedRun(targets)
        let hits = try run.hits("needle")
        #expect(hits.map(\.entry) == (1...33).flatMap { [$0, $0] })
        #expect(Set(hits.map(\.target)).count == 33)
        #expect(try run.hits("needle", targets: ["web16", "web17", "web33"]).count == 6)
        #expect(hits.allSatisfy { !$0.isDamaged })
    }

    @Test("Hits come in the order of the targets, whichever of them ended first")
    func order() async throws {
        let targets = (1...40).map { (name: "web\($0)", events: SearchedRun.shown(["a needle\r\n", "b needle\r\n"])) }
        let run = try await SearchedRun(targets, ending: (0..<40).sorted { ($0 * 7 % 40, $0) < ($1 * 7 % 40, $1) })
        let hits = try run.hits("needle")
        #expect(hits.map(\.target) == (1...40).flatMap { ["web\($0)", "web\($0)"] })
        #expect(hits.map(\.text).prefix(2) == ["a needle", "b needle"])
    }

    @Test("A pattern that backtracks without end is an error")
    func aHostilePatternEndsWithAnError() async throws {
        let run = try await SearchedRun(showing: [String(repeating: "a", count: 4_000) + "!\r\n"])
        #expect {
            _ = try run.hits("(a+)+$")
        } throws: { error in
            guard case .pattern(let error, let name, "web1")? = error as? SearchFailure else { return false }
            return error.code == .tooManySteps && name == "20261122T020000Z-nightly-3fa91c"
        }
    }
}
