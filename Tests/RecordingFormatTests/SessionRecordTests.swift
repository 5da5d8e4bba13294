import RecordingFormat
import Testing

@Suite("What a session leaves behind")
struct SessionRecordTests {
    private func text(_ record: some JSONRecord) -> String { String(decoding: record.encoded, as: UTF8.self) }

    @Test("A step: its members in their order, and back")
    func step() throws {
        let step = StepRecord(
            firstLine: 5,
            lastLine: 6,
            text: "if (1) {\n}",
            outcome: .notSent,
            succeeded: nil,
            lastExitCode: 7,
            startedMicroseconds: nil,
            durationMicroseconds: 9
        )
        let line =
            #"{"first_line":5,"last_line":6,"text":"if (1) {\n}","outcome":"not_sent","succeeded":null,"last_exit_code":7,"#
            + #""started_us":null,"duration_us":9}"#
        #expect(text(step) == line)
        let read = try #require(StepRecord(parsing: line.utf8))
        #expect(read == step)
        #expect(read.firstLine == 5 && read.lastLine == 6 && read.text == "if (1) {\n}" && read.outcome == .notSent)
        #expect(read.succeeded == nil && read.lastExitCode == 7 && read.startedMicroseconds == nil)
        #expect(read.durationMicroseconds == 9 && read.output == nil)
    }

    @Test("A target: its members in their order, and back")
    func target() throws {
        let target = TargetRecord(
            target: "web01",
            outcome: .unreachable,
            exitCode: nil,
            phase: "tcp",
            durationMicroseconds: 12,
            phases: [("resolve", 3), ("tcp", 4), ("kex", nil)],
            failure: RecordedFailure(code: "ConnectionFailed", message: "m")
        )
        let line =
            #"{"target":"web01","outcome":"unreachable","exit_code":null,"phase":"tcp","duration_us":12,"phases_us":"#
            + #"{"resolve":3,"tcp":4,"kex":null},"error":{"code":"ConnectionFailed","message":"m"}}"#
        #expect(text(target) == line)
        let read = try #require(TargetRecord(parsing: line.utf8))
        #expect(read == target)
        #expect(read.target == "web01" && read.outcome == .unreachable && read.exitCode == nil && read.phase == "tcp")
        #expect(read.phases.map(\.name) == ["resolve", "tcp"] && read.phases.map(\.microseconds) == [3, 4])
        #expect(read.failure?.code == "ConnectionFailed" && read.failure?.message == "m" && !read.isTruncated)
    }

    @Test("A session that psrun did not see the end of is truncated")
    func truncated() {
        let failure = RecordedFailure(code: "RecordingTruncated", message: "m")
        let target = TargetRecord(target: "web01", outcome: .broken, truncatedBy: failure)
        #expect(
            text(target)
                == #"{"target":"web01","outcome":"broken","truncated":true,"error":{"code":"RecordingTruncated","message":"m"}}"#
        )
        #expect(target.isTruncated && target.failure == failure)
    }

    @Test("A run, with its targets and without; an error record")
    func runAndError() {
        let run = RunRecord(
            run: nil,
            playbook: "a.ps1",
            recording: nil,
            exitCode: 4,
            startedSeconds: 0,
            durationMicroseconds: 5
        )
        let line =
            #"{"run":null,"playbook":"a.ps1","recording":null,"exit_code":4,"started":"1970-01-01T00:00:00Z","duration_us":5"#
        #expect(text(run) == line + "}")
        #expect(text(run.with([])) == line + #","targets":[]}"#)
        #expect(run.exitCode == 4 && run.started?.secondsSince1970 == 0 && run.targets.isEmpty && run.run == nil)
        let error = RecordedError(message: "m", errorID: "Id,Command", category: 14, reason: "R")
        #expect(text(error) == #"{"message":"m","error_id":"Id,Command","category":14,"reason":"R"}"#)
        #expect(RecordedError(parsing: error.encoded)?.errorID == "Id,Command")
    }

    @Test("What a later version adds is kept; what is missing or of another type reads as nothing")
    func tolerance() throws {
        let line =
            #"{"later":[1,{"a":2}],"outcome":"sideways","target":7,"error":null,"phases_us":{"tcp":"x","kex":5},"later":0}"#
        let target = try #require(TargetRecord(parsing: line.utf8))
        #expect(text(target) == line)
        #expect(target.outcome == RecordedOutcome(rawValue: "sideways") && target.target == nil)
        #expect(target.failure == nil && target.phases.map(\.name) == ["kex"] && target.durationMicroseconds == nil)
        let step = StepRecord(.string("not an object"))
        #expect(step.text == nil && step.outcome == nil && step.title == nil)
        #expect(
            text(target.told(as: "web01", steps: [StepRecord()]))
                == #"{"target":"web01","later":[1,{"a":2}],"outcome":"sideways","error":null,"phases_us":{"tcp":"x","kex":5},"#
                + #""later":0,"steps":[{}]}"#
        )
    }

    @Test("Hostile text is bounded: 64 values within each other, no bare word, no half an object")
    func bounds() {
        let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        #expect(TargetRecord(parsing: (#"{"outcome":"ok","x":"# + deep + "}").utf8)?.outcome == .ok)
        for hostile in [#"{"x":["# + deep + "]}", "", "ok", #"{"outcome":"ok""#] {
            #expect(TargetRecord(parsing: hostile.utf8) == nil, "\(hostile.prefix(20))")
        }
    }

    @Test(
        "A step's title and its marker",
        arguments: [
            (Int64(3), Int64(3), "line 3"), (5, 6, "lines 5 to 6"), (0, 0, "profile"), (-1, 3, nil), (nil, 3, nil),
            (4, nil, "line 4"),
        ] as [(Int64?, Int64?, String?)]
    )
    func titles(first: Int64?, last: Int64?, title: String?) {
        let step = StepRecord(.record([.firstLine: .optional(first), .lastLine: .optional(last)]))
        #expect(step.title == title)
    }

    @Test("A marker names its line")
    func markers() {
        #expect(StepMarker.text(firstLine: 3) == "line 3" && StepMarker.text(firstLine: 0) == "profile")
        #expect(StepMarker.firstLine(in: "line 3") == 3)
        for other in ["profile", "line ", "line x", "lines 5 to 6", "line 99999999999999999999"] {
            #expect(StepMarker.firstLine(in: other) == nil, "\(other)")
        }
    }

    @Test("The words before a connection's lines")
    func leads() {
        #expect(RecordedLead.noise == "noise: " && RecordedLead.diagnostics == "stderr: ")
        #expect(RecordedLead.opened == "open, protocol " && RecordedLead.of("ReadLine") == "ReadLine: ")
        #expect(RecordedLead.protocolVersion(in: "open, protocol 2.3") == "2.3")
        #expect(RecordedLead.protocolVersion(in: "noise: open, protocol 2.3") == nil)
    }

    @Test(
        "A record as a person reads it",
        arguments: [
            ("plain", "plain", "plain"), (#"{"message":"m"}"#, "m", "m"), (#"{"MessageData":"i"}"#, "i", "i"),
            (#"{"MessageData":{"Message":"h"}}"#, "h", "h"), (#"{"other":1}"#, #"{"other":1}"#, #"{"other":1}"#),
            (
                #"{"Activity":"a","StatusDescription":"s","PercentComplete":7}"#,
                #"{"Activity":"a","StatusDescription":"s","PercentComplete":7}"#, "a, s, 7 %"
            ), (#"{"Activity":"a","PercentComplete":-1}"#, #"{"Activity":"a","PercentComplete":-1}"#, "a"),
            ("{not JSON", "{not JSON", "{not JSON"),
        ]
    )
    func readable(data: String, message: String, summary: String) {
        #expect(RecordedText.message(in: data) == message)
        #expect(RecordedText.summary(of: data) == summary)
    }

    @Test("An entry's stamp")
    func stamps() {
        let header = EntryHeader(target: "w", columns: 80, rows: 24, startedSeconds: 0, title: "t")
        let stamp = EntryStamp(headerLine: CastEncoder.headerLine(header, entry: 6))
        #expect(stamp == EntryStamp(entry: 6, target: "w"))
        #expect(stamp?.format == 1 && stamp?.number == 7 && stamp?.target == "w")
        #expect(EntryStamp(headerLine: Array(#"{"version":2}"#.utf8)) == nil)
        #expect(EntryStamp(.record([.entry: 0])).number == nil)
    }
}
