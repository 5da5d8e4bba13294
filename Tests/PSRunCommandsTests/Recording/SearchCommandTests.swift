import Foundation
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct SearchCommandTests {
    private static func search(
        _ arguments: String...,
        in folder: String,
        isTerminal: Bool = false
    ) async throws -> (status: Int32, console: CapturedConsole) {
        let bound = try bind(arguments: ["search"] + arguments + ["--recordings", folder])
        guard case .search(let invocation) = bound else { throw RecordingError(.notFound, "\(bound)") }
        let console = CapturedConsole()
        return (await SearchCommand.run(invocation, console: console.console(isTerminal: isTerminal)), console)
    }

    /// Two nights of two playbooks and one day after.
    private static func runs(in folder: String) async throws {
        _ = try await RecordedSample.make(in: folder, targets: ["root@web1:22", "down"])
        _ = try await RecordedSample.make(in: folder, targets: ["web2"], playbook: "weekly.ps1", suffix: "000001")
        _ = try await RecordedSample.make(
            in: folder,
            targets: ["web1"],
            startedSeconds: 1_795_312_800 + 86_400,
            suffix: "000002"
        )
    }

    @Test("A hit is one line of text")
    func aHitIsALine() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let (status, console) = try await Self.search("^hi", "last", in: folder.path)
        #expect(status == 0)
        #expect(
            console.output
                == "20261123T020000Z-nightly-000002  web1  line 2  2026-11-23T02:01:01Z (+61.000 s)  hi ^[]0;owned^G\n"
        )
        let colored = try await Self.search("^h", "last", in: folder.path, isTerminal: true)
        #expect(colored.console.output.hasSuffix("\u{1b}[0m  \u{1b}[1;31mh\u{1b}[0mi ^[]0;owned^G\n"))
        let none = try await Self.search("nothing like it", in: folder.path)
        #expect(none.status == 1)
        #expect(none.console.output.isEmpty && none.console.warnings.isEmpty)
        let nobody = try await Self.search("^HI", "--ignore-case", "--host", "web9", in: folder.path)
        #expect(nobody.status == 1)
        #expect(nobody.console.warnings == "psrun: these runs have no target web9.\n")
        #expect(try await Self.search("^HI", "--ignore-case", "--host", "web1", in: folder.path).status == 0)
    }

    @Test("A hit is one JSON object")
    func aHitIsAnObject() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let (status, console) = try await Self.search(
            "nobody .* at",
            "--format",
            "json",
            "--stream",
            "session",
            in: folder.path
        )
        #expect(status == 0)
        let hit = try JSONValue(parsing: Array(console.output.utf8))
        #expect(hit["run"]?.string == "20261122T020000Z-nightly-3fa91c")
        #expect(hit["target"]?.string == "down")
        #expect(hit["entry"]?.integer == 2)
        #expect(hit["stream"]?.string == "session")
        #expect(hit["time_us"]?.integer == 62_000_000)
        #expect(hit["at"]?.string == "2026-11-22T02:01:02Z")
        #expect(hit["text"]?.string == "nobody listens at down")
        #expect(hit["matches"]?.array == ["nobody listens at"])
        #expect(hit["damaged"]?.bool == false)
        let step = try await Self.search("^hi", "last", "--format", "json", in: folder.path).console.output
        let told = try JSONValue(parsing: Array(step.utf8))["step"]
        #expect(told?["first_line"]?.integer == 2)
        #expect(told?["text"]?.string == "'hi'")
    }

    @Test(
        "Runs and targets can be chosen",
        arguments: [
            ([], 4), (["last"], 1), (["weekly", "last"], 2), (["--host", "WEB1"], 2), (["--host", "root@web1:22"], 1),
            (["--host", "web1", "--host", "web2"], 3), (["--host", "web"], 0), (["--playbook", "nightly.ps1"], 3),
            (["--playbook", "weekly"], 1), (["--playbook", "week"], 0), (["--since", "2026-11-23"], 1),
            (["--until", "2026-11-22"], 3), (["--until", "2026-11-22T01:59Z"], 0),
            (["--since", "2026-11-22T02:00:00Z"], 4),
            (["--since", "100000w"], 4), (["--since", "2026-11-22", "--until", "2026-11-22", "--host", "web1"], 1),
        ] as [([String], Int)]
    )
    func runsAndTargetsAreChosen(arguments: [String], hits: Int) async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let bound = try bind(arguments: ["search", "^hi "] + arguments + ["--recordings", folder.path])
        guard case .search(let invocation) = bound else { throw RecordingError(.notFound, "\(bound)") }
        let console = CapturedConsole()
        let status = await SearchCommand.run(invocation, console: console.console())
        #expect(console.output.split(separator: "\n").count == hits)
        #expect(status == (hits == 0 ? 1 : 0))
    }

    @Test("A pattern that takes too many steps leaves that part out and says so")
    func aPatternThatTakesTooManyStepsLeavesThePartOut() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let (status, console) = try await Self.search("(*LIMIT_MATCH=1)(*NO_JIT)h(.+)+ .*\\d", "last", in: folder.path)
        #expect(status == 6)
        #expect(
            console.warnings.hasPrefix(
                "psrun: not searched to its end: the pattern cannot be matched against a line of "
            )
        )
    }

    @Test("A search is noted before anything is shown")
    func whoSearchedIsNotedBeforeAnythingIsShown() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let log = URL(fileURLWithPath: folder.path + "/chain.log")
        let before = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        _ = try await Self.search("hi", "--no-access-log", in: folder.path)
        #expect(((try? String(contentsOf: log, encoding: .utf8)) ?? "") == before)
        _ = try await Self.search("h\ti", "--ignore-case", "--host", "web2", in: folder.path)
        let added = try String(contentsOf: log, encoding: .utf8).dropFirst(before.count).split(separator: "\n")
        #expect(added.count == 1)
        #expect(added.allSatisfy { $0.contains("\taccess\t20261122T020000Z-weekly-000001\t") })
        #expect(added.allSatisfy { $0.hasSuffix("\tsearch h\\x09i --ignore-case --host web2") })
    }

    @Test("What cannot be searched is said")
    func whatCannotBeSearchedIsSaid() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path)
        let wrong = try await Self.search("a(", in: folder.path)
        #expect(wrong.status == 2)
        #expect(
            wrong.console.warnings.contains("'a(' is not a regular expression: at its end: missing closing parenthesis")
        )
        let archive = folder.path + "/20261123T020000Z-nightly-000002/run.tar.zst"
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: archive))
        let damaged = try await Self.search("^hi ", in: folder.path)
        #expect(damaged.status == 6)
        #expect(damaged.console.output.split(separator: "\n").count == 3)
        #expect(damaged.console.warnings.contains("not searched: "))
        let nothing = try await Self.search("hi", "--since", "2027-01-01", in: folder.path)
        #expect(nothing.status == 1)
        #expect(nothing.console.warnings.contains("there are no such runs to search"))
        let noDay = try await Self.search("hi", "--since", "2026-02-31", in: folder.path)
        #expect(noDay.status == 2)
    }

    @Test("A run in progress is searched too")
    func aRunInProgressIsSearchedToo() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: RunDescription(
                playbookName: "live.ps1",
                playbookBytes: [],
                startedSeconds: 1_795_399_200,
                psrunVersion: "0.1.0",
                targets: ["web1"]
            ),
            suffix: "00000a"
        )
        recorder.begin(
            0,
            EntryHeader(target: "web1", columns: 80, rows: 24, startedSeconds: 1_795_399_200, title: "live")
        )
        for event in RecordedSample.events("web1", outcome: "ok") { recorder.record(event, in: 0) }
        try await recorder.commit()
        let (status, console) = try await Self.search("^hi ", in: folder.path)
        #expect(status == 0)
        #expect(console.output.hasPrefix("20261123T020000Z-live-00000a  web1  line 2  "))
    }
}
