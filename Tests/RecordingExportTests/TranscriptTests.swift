import PSRunTestSupport
import RecordingExport
import RecordingFormat
import Testing

@Suite struct TranscriptTests {
    /// A real transcript that Start-Transcript wrote on the far side of a session.
    private static func real(_ name: String) throws -> [String] {
        let folder = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/captures/console"
        return try text(of: "\(folder)/\(name).txt").split(separator: "\n").map(String.init)
    }

    private static func exported() throws -> [String] {
        let cast = SampleSession.cast([
            (0.1, .connection, "open, protocol 2.4"),
            (0.2, .marker, "line 1"), (0.2, .output, "PS /home/op> "), (0.2, .output, "1+1\r\n"), (0.2, .input, "1+1"),
            (0.3, .output, "\u{1b}[32;1m2\u{1b}[0m\r\n"), (0.3, .step, SampleSession.result(1, "1+1", "ok")),
            (1.2, .marker, "line 2"), (1.2, .output, "PS /home/op> "), (1.2, .output, "Write-Error e1\r\n"),
            (1.2, .input, "Write-Error e1"), (1.3, .error, "Write-Error: e1"), (1.3, .output, "Write-Error: e1\r\n"),
            (2.0, .exit, "{\"outcome\":\"ok\"}"),
        ])
        let facts: JSONValue = ["psrun": "0.1.0", "playbook": ["name": "night.ps1"]]
        let text = try encodedText(cast, of: ExportedRun(name: "night", facts: facts), by: TranscriptEncoder())
        return text.split(separator: "\n").map(String.init)
    }

    @Test("A header may tell any time", arguments: [Int64.min, -1, 0, .max])
    func timesWithoutMeaning(startedSeconds: Int64) throws {
        var header = SampleSession.header
        header.startedSeconds = startedSeconds
        var cast = CastEncoder.headerLine(header, entry: 0)
        CastEncoder.append(time: 8_999_999_999_000_000_000, code: .output, text: "hi\r\n".utf8, to: &cast)
        let text = try encodedText(String(decoding: cast, as: UTF8.self), by: TranscriptEncoder())
        #expect(text.contains("\nhi\n"))
    }

    @Test("A transcript says once why its session is not well, and how many lines were not sent")
    func lastWords() throws {
        let unsent = [(0.1, RecordedCode.step, SampleSession.result(1, "x", "not_sent"))]
        let ending = "{\"outcome\":\"unreachable\",\"error\":{\"code\":\"c\",\"message\":\"why\"}}"
        let words = "\npsrun: why\npsrun: 1 line was not sent\n"
        let shown = [(0.2, RecordedCode.output, "psrun: why\r\npsrun: 1 line was not sent\r\n")]
        for events in [unsent, unsent + shown] {
            let text = try encodedText(SampleSession.cast(events + [(0.3, .exit, ending)]), by: TranscriptEncoder())
            #expect(text.contains(words) && text.split(separator: "psrun: why").count == 2, "\(text)")
        }
    }

    /// A line's layout: what stands before its first value, and how long a clock's is.
    private static func layout(_ line: String) -> String {
        guard let colon = line.firstRange(of: ": ") else { return line }
        let value = line[colon.upperBound...]
        let isClock = value.count == 14 && value.allSatisfy(\.isNumber)
        return line[..<colon.lowerBound] + (isClock ? ": <clock>" : ": …")
    }

    @Test("Head, commands and foot are laid out as PowerShell lays them out, line by line")
    func layoutIsPowerShells() throws {
        let exported = try Self.exported().map(Self.layout)
        let real = try Self.real("transcript-remote").map(Self.layout)
        let invocation = try Self.real("transcript-stdin").map(Self.layout)
        // The head: the first three lines, then fields in PowerShell's order, then the rule and how it started.
        #expect(exported[..<3] == real[..<3])
        let rule = real[0]
        let end = try #require(exported[1...].firstIndex(of: rule))
        let realFields = real[..<(try #require(real[1...].firstIndex(of: rule)))]
        let fields = exported[..<end]
        #expect(fields.allSatisfy { realFields.contains($0) })
        #expect(realFields.filter { fields.contains($0) } == Array(fields))
        #expect(exported[end + 1].hasPrefix("Transcript started, output file is "))
        // Each command's block.
        let command = try #require(invocation.firstIndex { $0.hasPrefix("Command start time") })
        let block = invocation[(command - 1)...(command + 1)]
        #expect(exported[(end + 2)...(end + 4)].elementsEqual(block))
        // The foot.
        #expect(exported.suffix(4) == real.suffix(4))
    }

    @Test("A transcript is what a console showed, without colours")
    func textIsWhatAConsoleShowedWithoutColours() throws {
        #expect(
            try Self.exported() == [
                "**********************", "PowerShell transcript start", "Start time: 20261122170045", "Machine: web01",
                "Host Application: psrun 0.1.0 night.ps1", "PSRemotingProtocolVersion: 2.4", "**********************",
                "Transcript started, output file is night",
                "**********************", "Command start time: 20261122170045", "**********************",
                "PS /home/op> 1+1", "2",
                "**********************", "Command start time: 20261122170046", "**********************",
                "PS /home/op> Write-Error e1", "Write-Error: e1",
                "**********************", "PowerShell transcript end", "End time: 20261122170047",
                "**********************",
            ]
        )
    }

    @Test("A far side's control sequences and line breaks stay text; a cut session says so")
    func hostileSessions() throws {
        let cast = SampleSession.cast([
            (0.1, .marker, "line 1"), (0.1, .output, "\u{1b}]0;t\u{7}\u{1b}[2Jx\u{9b}1m\u{202e}"),
            (
                0.2, .exit,
                "{\"outcome\":\"broken\",\"truncated\":true,\"error\":{\"message\":\"gone\\n*****\\u001b[2J\"}}"
            ),
        ])
        let text = try encodedText(cast, by: TranscriptEncoder())
        #expect(
            text.contains("^[]0;t^G^[[2Jx<9B>1m<202E>\npsrun: gone *****^[[2J\npsrun: this session's recording is cut")
        )
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }
}
