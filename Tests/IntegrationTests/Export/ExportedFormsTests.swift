import Foundation
import PSRunTestSupport
import Testing

/// What the program exports of a real session, read by the programs that such forms are for.
@Suite struct ExportedFormsTests {
    private static let playbook =
        "echo \"one & <two>\"\nfalse\nprintf 'a\\033[31mb\\001c\\377\\n'\nexit 3\necho never\n"

    /// A session on this computer, over psrun's own endpoint.
    private static func record(in place: Workplace) async throws {
        let path = try place.playbook(playbook, named: "night.sh")
        let outcome = try await place.psrun([path, "--any-shell"])
        #expect(outcome.ending == .exited(1), "\(outcome)")
    }

    private static func export(_ arguments: [String], in place: Workplace) async throws -> ProgramOutcome {
        let outcome = try await place.psrun(["export"] + arguments)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.errors.isEmpty)
        return outcome
    }

    @Test("The form asciicast v2 is the stored entry, and comes back from JSON lines byte for byte")
    func castIsTheStoredEntry() async throws {
        let place = try Workplace()
        try await Self.record(in: place)
        let cast = try await Self.export(["last", "--as", "cast2"], in: place).standardOutput
        let stored = try await ChildProgram.run(
            ["/bin/sh", "-c", "tar --zstd -xOf \"$0\"/*/run.tar.zst 00001-localhost.cast", place.recordings]
        )
        #expect(!cast.isEmpty)
        #expect(cast == stored.standardOutput)
        let file = place.folder.path(of: "night.jsonl")
        _ = try await Self.export(["last", "--as", "jsonl", "--output", file], in: place)
        #expect(try await Self.export(["--from", file, "--as", "cast2"], in: place).standardOutput == cast)
    }

    @Test("Recordings that other programs wrote go to JSON lines and back, whatever their bytes")
    func oddCastsComeBack() async throws {
        let place = try Workplace()
        let header = "{ \"height\":24, \"version\":2,\"width\" : 80, \"x\":1e3, \"psrun\":{\"entry\":7} }"
        let lines = [
            "[0.10, \"o\", \"\\ud800\\udc00 \\udead\\n\"]", "[ 1e0,\"o\",\"\\/\"]\r", "", "[2, \"r\", \"1x1\"]",
            "not JSON",
        ]
        var bytes = Array(([header] + lines).joined(separator: "\n").utf8)
        bytes += [0x0A, 0xFF, 0xFE, 0x00, 0x0A, 0x5B]
        let cast = try place.folder.write(bytes, to: "odd.cast")
        let jsonl = place.folder.path(of: "odd.jsonl")
        _ = try await Self.export(["--from", cast, "--as", "jsonl", "--output", jsonl], in: place)
        let back = try await Self.export(["--from", jsonl, "--as", "cast2"], in: place)
        #expect(back.standardOutput == bytes)
        let reread = try await ChildProgram.run([
            Peers.python, "-c", "import json,sys\nfor l in open(sys.argv[1]): json.loads(l)", jsonl,
        ])
        #expect(reread.ending == .exited(0), "\(reread.errors)")
    }

    @Test("asciinema plays version 2 with psrun's private codes in it")
    func asciinemaPlaysIt() async throws {
        let place = try Workplace()
        try await Self.record(in: place)
        let cast = place.folder.path(of: "night.cast")
        _ = try await Self.export(["last", "--as", "cast2", "--output", cast], in: place)
        let player = "script -qec \"asciinema cat '$0'\" /dev/null </dev/null"
        let played = try await ChildProgram.run(
            ["/bin/sh", "-c", player, cast],
            environment: ChildProgram.environment(home: place.home, adding: ["TERM": "xterm"])
        )
        #expect(played.ending == .exited(0), "\(played)")
        #expect(played.output.contains("one & <two>\r\n"))
        #expect(played.output.contains("a\u{1b}[31mb\u{1}c"))
    }

    @Test("The form asciicast v3 follows its specification and holds the same session")
    func version3() async throws {
        let place = try Workplace()
        try await Self.record(in: place)
        let check = """
            import json, sys
            old, new = [[json.loads(line) for line in open(path)] for path in sys.argv[1:]]
            header = new[0]
            assert header["version"] == 3 and set(header) <= {
                "version", "term", "timestamp", "idle_time_limit", "command", "title", "env", "tags", "psrun"}
            assert set(header["term"]) <= {"cols", "rows", "type", "version", "theme"}
            assert all(isinstance(header["term"][key], int) for key in ("cols", "rows"))
            time, events = 0, []
            for interval, code, data in new[1:]:
                assert isinstance(interval, (int, float)) and interval >= 0 and len(code) == 1 and isinstance(data, str)
                time += round(interval * 1e6)
                events.append([time, code, data])
            status = [event for event in events if event[1] == "x"]
            assert [event[2] for event in status] == ["3"], status
            assert [event for event in events if event[1] != "x"] == [
                [round(t * 1e6), code, data] for t, code, data in old[1:] if code != "H"]
            """
        let paths = ["cast2", "cast3"].map { place.folder.path(of: $0) }
        for path in paths {
            let format = String(path.suffix(5))
            _ = try await Self.export(["last", "--as", format, "--output", path], in: place)
        }
        let checked = try await ChildProgram.run([Peers.python, "-c", check] + paths)
        #expect(checked.ending == .exited(0), "\(checked.errors)")
    }

    @Test("JUnit is what its readers take: a suite a target, a case a step, and the right result for each outcome")
    func junit() async throws {
        struct Suite: Decodable {
            var name: String
            var cases: [Case]
        }
        struct Case: Decodable, Equatable {
            var name: String
            var result: String
            var message: String?
            var output: String?
        }
        let place = try Workplace()
        try await Self.record(in: place)
        let xml = try await Self.export(["last", "--as", "junit"], in: place).standardOutput
        let read = try await ChildProgram.run(Peers.command("junit_reader.py"), input: xml)
        let suites = try JSONDecoder().decode([Suite].self, from: Data(read.standardOutput))
        #expect(suites.map(\.name) == ["localhost"])
        #expect(
            suites.first?.cases == [
                Case(name: "line 1: echo \"one & <two>\"", result: "passed", output: "one & <two>\n"),
                Case(name: "line 2: false", result: "failure", message: "exit code 1"),
                Case(name: "line 3: printf 'a\\033[31mb\\001c\\377\\n'", result: "passed", output: "ab^Ac\u{FFFD}\n"),
                Case(name: "line 4: exit 3", result: "failure", message: "asked for exit code 3"),
                Case(name: "line 5: echo never", result: "skipped", message: "the line was not sent"),
                Case(name: "session", result: "passed"),
            ]
        )

        var recording = HandmadeRecording()
        let outcomes = ["ok", "failed", "stopped", "unknown"]
        recording.add(
            target: "a\u{1}<&\"'>",
            outcome: "timed_out",
            error: "too long\u{FFFF}",
            steps: outcomes.map { .init(time: 1, text: "]]>\u{B}", outcome: $0, events: [("console", "x\u{0}\r\n")]) }
        )
        recording.add(target: "down", outcome: "unreachable", error: "no answer", steps: [])
        recording.add(target: "late", outcome: "not_run", error: "no time", steps: [])
        let file = try recording.write(to: place.folder)
        let odd = try await Self.export(["--from", file, "--as", "junit"], in: place).standardOutput
        let oddRead = try await ChildProgram.run(Peers.command("junit_reader.py"), input: odd)
        #expect(oddRead.ending == .exited(0), "\(oddRead.errors)")
        let oddSuites = try JSONDecoder().decode([Suite].self, from: Data(oddRead.standardOutput))
        #expect(oddSuites.map(\.name) == ["a^A<&\"'>", "down", "late"])
        #expect(oddSuites.first?.cases.map(\.result) == ["passed", "failure", "error", "error", "error"])
        #expect(oddSuites.first?.cases.first?.name == "line 1: ]]>^K")
        #expect(oddSuites.last?.cases == [Case(name: "session", result: "skipped", message: "no time")])
    }

    @Test("A page of a run that psrun recorded opens, and shows what the session showed")
    func page() async throws {
        let place = try Workplace()
        try await Self.record(in: place)
        let page = place.folder.path(of: "night.html")
        _ = try await Self.export(["last", "--as", "html", "--output", page], in: place)
        var browser = Browser()
        browser.open(page)
        browser.read(
            "Array.from(document.querySelectorAll('.step .badge')).map((badge) => badge.textContent).join(' ')"
        )
        browser.read("document.querySelector('#s1-2 .o').textContent")
        browser.read("document.querySelector('.f1').textContent")
        browser.read("/: [0-9a-f]{64}$/.test(document.querySelector('.fingerprint').textContent)")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(answer.results == ["ok error ok error not sent", "one & <two>\n", "b^Ac\u{FFFD}\n", "true"])
    }
}
