import Foundation
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct DiffCommandTests {
    private static func diff(
        _ arguments: String...,
        in folder: String,
        environment: [String: String] = [:]
    ) async throws -> (status: Int32, console: CapturedConsole) {
        let bound = try bind(arguments: ["diff"] + arguments + ["--recordings", folder])
        guard case .diff(let invocation) = bound else { throw RecordingError(.notFound, "\(bound)") }
        let console = CapturedConsole()
        return (await DiffCommand.run(invocation, console: console.console(environment: environment)), console)
    }

    @Test("An outcome that is not one reaches no terminal", arguments: [["last"], ["last", "--within"]])
    func forgedOutcome(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        for (day, outcome) in ["ok", "\u{1B}]0;owned\u{7}ok\nEnded well: 9 targets"].enumerated() {
            let started = 1_795_312_800 + Int64(day) * 86_400
            let recorder = try await RunRecorder.create(
                in: folder.path,
                run: RunDescription(
                    playbookName: "nightly.ps1",
                    playbookBytes: [],
                    startedSeconds: started,
                    psrunVersion: "0.1.0",
                    targets: ["web1"]
                ),
                suffix: "00000\(day)"
            )
            let header = EntryHeader(target: "web1", columns: 80, rows: 24, startedSeconds: started, title: "nightly")
            recorder.begin(0, header)
            let end = JSONValue.record([.target: "web1", .outcome: .string(outcome)]).compact
            recorder.record(RecordedEvent(time: 1, code: .exit, data: String(decoding: end, as: UTF8.self)), in: 0)
            recorder.finish(0)
            _ = try await recorder.seal(exitCode: 0)
        }
        let bound = try bind(arguments: ["diff"] + arguments + ["--recordings", folder.path])
        guard case .diff(let invocation) = bound else { return }
        let console = CapturedConsole()
        _ = await DiffCommand.run(invocation, console: console.console())
        #expect(!console.output.utf8.contains(0x1B) && !console.output.contains("\nEnded well"))
        #expect(console.output.contains("unknown"), "\(console.output)")
    }

    /// A night of a playbook, on the day of that number, on which `web2` says something.
    private static func night(_ day: Int64, saying text: String, in folder: String) async throws {
        let started = 1_795_312_800 + day * 86_400
        let targets = ["web1", "web2", "web3"]
        let recorder = try await RunRecorder.create(
            in: folder,
            run: RunDescription(
                playbookName: "nightly.ps1",
                playbookBytes: [],
                startedSeconds: started,
                psrunVersion: "0.1.0",
                targets: targets
            ),
            suffix: "00000\(day)"
        )
        for (entry, target) in targets.enumerated() {
            recorder.begin(
                entry,
                EntryHeader(target: target, columns: 80, rows: 24, startedSeconds: started, title: "nightly")
            )
            let lines = ["[\(target)]: PS> check", "at 02:00:0\(day)", target == "web2" ? text : "all is well"]
            for line in lines {
                recorder.record(RecordedEvent(time: 0, code: .output, data: line + "\r\n"), in: entry)
            }
            recorder.record(RecordedEvent(time: 9, code: .exit, data: #"{"outcome":"ok"}"#), in: entry)
            recorder.finish(entry)
        }
        _ = try await recorder.seal(exitCode: 0)
    }

    @Test("A night is compared with the one before")
    func aNightIsComparedWithTheOneBefore() async throws {
        let folder = try TemporaryFolder()
        try await Self.night(0, saying: "all is well", in: folder.path)
        _ = try await RecordedSample.make(
            in: folder.path,
            targets: ["web1"],
            playbook: "other.ps1",
            startedSeconds: 1_795_312_800 + 3_600
        )
        try await Self.night(1, saying: "all is well", in: folder.path)
        try await Self.night(2, saying: "disk is 97% full", in: folder.path)
        let same = try await Self.diff("last~1", in: folder.path)
        #expect(same.status == 0)
        #expect(
            same.console.output
                == "From 20261122T020000Z-nightly-000000 to 20261123T020000Z-nightly-000001:\n3 targets unchanged\n"
        )
        let changed = try await Self.diff("last", in: folder.path)
        #expect(changed.status == 1)
        #expect(
            changed.console.output == """
                From 20261123T020000Z-nightly-000001 to 20261124T020000Z-nightly-000002:
                2 targets unchanged, 1 changed

                Changed: 1 target: web2
                --- 20261123T020000Z-nightly-000001 web2
                +++ 20261124T020000Z-nightly-000002 web2
                @@ -1,3 +1,3 @@
                 [<host>]: PS> check
                 at <time>
                -all is well
                +disk is 97% full

                """
        )
        #expect(try await Self.diff("last", "--host", "web1", in: folder.path).status == 0)
        #expect(
            try await Self.diff("000000", "last", "--mask", "(all is well|disk is .*)", in: folder.path).status == 0
        )
        let json = try await Self.diff("000000", "000002", "--format", "json", in: folder.path).console.output
        let value = try JSONValue(parsing: Array(json.utf8))
        #expect(value["unchanged"]?.integer == 2)
        #expect(value["changed"]?.array?.first?["targets"]?.array == ["web2"])
        #expect(value["changed"]?.array?.first?["diff"]?.array?.last == "+disk is 97% full")
    }

    @Test("Tags of redacted text are not a difference between nights")
    func tagsOfRedactedTextAreNoDifferenceBetweenNights() async throws {
        let folder = try TemporaryFolder()
        try await Self.night(0, saying: "the token is [redacted:3fa91c07]", in: folder.path)
        try await Self.night(1, saying: "the token is [redacted:deadbeef]", in: folder.path)
        try await Self.night(2, saying: "the token is deadbeef", in: folder.path)
        #expect(try await Self.diff("000000", "000001", in: folder.path).status == 0)
        #expect(try await Self.diff("000001", "000002", in: folder.path).status == 1)
    }

    @Test("The targets of one run are sorted into classes")
    func theTargetsOfOneRunAreSortedIntoClasses() async throws {
        let folder = try TemporaryFolder()
        try await Self.night(0, saying: "disk is 97% full", in: folder.path)
        let (status, console) = try await Self.diff("last", "--within", in: folder.path)
        #expect(status == 1)
        #expect(
            console.output == """
                20261122T020000Z-nightly-000000: 3 targets, 2 classes of output

                Most: 2 targets (2 ok): web1, web3

                Otherwise: 1 target (1 ok): web2
                --- web1
                +++ web2
                @@ -1,3 +1,3 @@
                 [<host>]: PS> check
                 at <time>
                -all is well
                +disk is 97% full

                """
        )
        let json = try await Self.diff("last", "--within", "--format", "json", in: folder.path).console.output
        let classes = try #require(try JSONValue(parsing: Array(json.utf8))["classes"]?.array)
        #expect(classes.map { $0["count"]?.integer } == [2, 1])
        #expect(classes[0]["diff"] == .null)
    }

    @Test("Masks may come from a file")
    func masksComeFromAFileToo() async throws {
        let folder = try TemporaryFolder()
        let recordings = folder.path + "/recordings"
        try await Self.night(0, saying: "all is well", in: recordings)
        try await Self.night(1, saying: "disk is 97% full", in: recordings)
        try FileManager.default.createDirectory(atPath: folder.path + "/psrun", withIntermediateDirectories: true)
        let masks = folder.path + "/psrun/masks"
        try "# what changes\n\nhealth=(all is well|disk is \\d+% full)\n".write(
            toFile: masks,
            atomically: true,
            encoding: .utf8
        )
        let environment = ["XDG_CONFIG_HOME": folder.path]
        #expect(try await Self.diff("last", in: recordings, environment: environment).status == 0)
        try "a(\n".write(toFile: masks, atomically: true, encoding: .utf8)
        let wrong = try await Self.diff("last", in: recordings, environment: environment)
        #expect(wrong.status == 2)
        #expect(wrong.console.warnings.contains("\(masks), line 1: 'a(' is not a regular expression"))
    }

    @Test("What cannot be compared is said")
    func whatCannotBeComparedIsSaid() async throws {
        let folder = try TemporaryFolder()
        try await Self.night(0, saying: "all is well", in: folder.path)
        let first = try await Self.diff("last", in: folder.path)
        #expect(first.status == 2)
        #expect(first.console.warnings.contains("is the first run of its playbook here"))
        let host = try await Self.diff("last", "--within", "--host", "db", in: folder.path)
        #expect(host.status == 2)
        #expect(host.console.warnings.contains("20261122T020000Z-nightly-000000 has no target db."))
        #expect(throws: UsageError.self) { try bind(arguments: ["diff", "a", "b", "c"]) }
        #expect(throws: UsageError.self) { try bind(arguments: ["diff", "a", "b", "--within"]) }
    }

    @Test("A comparison is noted in the access log")
    func whoComparedIsNoted() async throws {
        let folder = try TemporaryFolder()
        try await Self.night(0, saying: "all is well", in: folder.path)
        _ = try await Self.diff("last", "--within", "--host", "web1", in: folder.path)
        let log = try String(contentsOfFile: folder.path + "/chain.log", encoding: .utf8)
        #expect(log.hasSuffix("\tdiff 20261122T020000Z-nightly-000000 --within --host web1\n"))
    }
}
