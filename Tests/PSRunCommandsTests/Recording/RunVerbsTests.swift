import Glibc
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// `list`, `show` and `recover`.
@Suite struct RunVerbsTests {
    private static func list(_ folder: String, json: Bool = false) async -> (status: Int32, console: CapturedConsole) {
        var invocation = ListInvocation()
        invocation.recordings = folder
        if json { invocation.format = .json }
        let console = CapturedConsole()
        return (await ListCommand.run(invocation, console: console.console()), console)
    }

    private static func show(
        _ run: String,
        in folder: String,
        json: Bool = false,
        host: String? = nil
    ) async -> (status: Int32, console: CapturedConsole) {
        var invocation = ShowInvocation(run: run)
        invocation.recordings = folder
        invocation.host = host
        if json { invocation.format = .json }
        let console = CapturedConsole()
        return (await ShowCommand.run(invocation, console: console.console()), console)
    }

    private static func recover(_ run: String?, in folder: String) async -> (status: Int32, console: CapturedConsole) {
        var invocation = RecoverInvocation()
        invocation.recordings = folder
        invocation.run = run
        let console = CapturedConsole()
        return (await RecoverCommand.run(invocation, console: console.console()), console)
    }

    /// A run whose psrun is gone: of three targets, one ended and one was begun.
    private static func killedRun(in folder: TemporaryFolder) async throws -> String {
        let helper = BuiltProgram.path.dropLast("psrun".count) + "CrashingRecorder"
        _ = try await ChildProgram.run([String(helper), "leave", folder.path])
        let run = try #require(try RunStore(folder: folder.path).runs().last)
        return run.name
    }

    @Test("A target's message and a step's text of several lines pass for nothing else")
    func showKeepsItsLines() async throws {
        let folder = try TemporaryFolder()
        let run = RunDescription(
            playbookName: "p.ps1",
            playbookBytes: [],
            startedSeconds: 1_795_399_200,
            psrunVersion: "0.1.0",
            targets: ["web1"]
        )
        let recorder = try await RunRecorder.create(in: folder.path, run: run, suffix: "abcdef")
        recorder.begin(0, EntryHeader(target: "web1", columns: 80, rows: 24, startedSeconds: 0, title: "p"))
        let step: JSONValue = ["first_line": 1, "last_line": 2, "text": "if (1) {\r\nweb9: ok }", "outcome": "ok"]
        let result: JSONValue = ["outcome": "failed", "error": ["message": "boom\r\n\nweb2: ok, 1 s\nend"]]
        for (code, value) in [(RecordedCode.step, step), (.exit, result)] {
            recorder.record(
                RecordedEvent(time: 1, code: code, data: String(decoding: value.compact, as: UTF8.self)),
                in: 0
            )
        }
        recorder.finish(0)
        _ = try await recorder.seal(exitCode: 1)
        let output = await Self.show("last", in: folder.path).console.output
        #expect(
            output.hasSuffix("\nweb1: failed\n  boom\n  web2: ok, 1 s\n  end\n  ok  lines 1 to 2  -  if (1) { …\n"),
            "\(output)"
        )
    }

    @Test("list tells of every run")
    func listTellsOfEveryRun() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let killed = try await Self.killedRun(in: folder)
        let live = try await RunRecorder.create(
            in: folder.path,
            run: RunDescription(
                playbookName: "live.ps1",
                playbookBytes: [],
                startedSeconds: 1_795_399_200,
                psrunVersion: "0.1.0",
                targets: ["a"]
            ),
            suffix: "ffffff"
        )
        try folder.makeFolder("20261124T020000Z-early-abcdef")
        try folder.makeFolder("20261125T020000Z-odd-abcdef")
        try folder.write("{}", to: "20261125T020000Z-odd-abcdef/manifest.json")
        try folder.makeFolder("not-a-run")

        let (status, console) = await Self.list(folder.path)
        let rows = console.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(status == 0)
        #expect(
            rows.map { Array($0.prefix(5)) } == [
                ["RUN", "STATE", "TARGETS", "WELL", "EXIT"],
                ["20261122T020000Z-nightly-3fa91c", "sealed", "2", "1", "4"],
                [killed, "killed", "3", "-", "-"],
                ["20261123T020000Z-live-ffffff", "running", "1", "-", "-"],
                ["20261124T020000Z-early-abcdef", "killed", "-", "-", "-"],
                ["20261125T020000Z-odd-abcdef", "damaged", "-", "-", "-"],
            ]
        )
        #expect(Array(rows[0].dropFirst(5)) == ["TOOK", "SIZE", "SIGNED", "NOT", "WELL"])
        #expect(
            rows[1].suffix(4) == ["B", "no", "1", "unreachable"]
                || rows[1].suffix(4) == ["KB", "no", "1", "unreachable"]
        )
        #expect(live.failure == nil)

        let json = try JSONValue(parsing: Array(await Self.list(folder.path, json: true).console.output.utf8))
        let runs = try #require(json["runs"]?.array)
        #expect(runs.map { $0["state"]?.string } == ["sealed", "killed", "running", "killed", "damaged"])
        #expect(runs[0]["exit_code"]?.integer == 4)
        #expect(runs[0]["signed"]?.bool == false)
        #expect(runs[0]["archive_bytes"]?.integer ?? 0 > 100)
        #expect(runs[1]["signed"] == .null)
        #expect(runs[0]["outcomes"] == ["ok": 1, "unreachable": 1])
        #expect(runs[1]["playbook"]?.string == "crash.ps1")
        #expect(runs[1]["exit_code"] == .null)
    }

    @Test("list is narrowed to what failed, to a host and to the newest, and says where it looks")
    func listIsNarrowedToWhatMatters() async throws {
        let folder = try TemporaryFolder()
        for (day, targets) in [["web1", "down"], ["web1"], ["web2"], ["web1", "web2"]].enumerated() {
            let started = 1_795_312_800 + Int64(day) * 86_400
            _ = try await RecordedSample.make(in: folder.path, targets: targets, startedSeconds: started)
        }
        func days(_ arguments: String...) async throws -> [String] {
            guard case .list(let invocation) = try bind(arguments: ["list", "--recordings", folder.path] + arguments)
            else { return [] }
            let console = CapturedConsole()
            #expect(await ListCommand.run(invocation, console: console.console()) == 0)
            #expect(console.warnings.hasPrefix("Recordings in \(folder.path):\n"))
            return console.output.split(separator: "\n").dropFirst().map { String($0.prefix(8).suffix(2)) }
        }
        #expect(try await days() == ["22", "23", "24", "25"])
        #expect(try await days("--limit", "2") == ["24", "25"])
        #expect(try await days("--failed") == ["22"])
        #expect(try await days("--host", "web2") == ["24", "25"])
        #expect(try await days("--host", "WEB1", "--limit", "2") == ["23", "25"])
        #expect(try await days("--host", "web2", "--host", "down") == ["22", "24", "25"])
        #expect(throws: UsageError.self) { try bind(arguments: ["list", "--limit", "0"]) }
    }

    @Test("list is narrowed by time and playbook")
    func listIsNarrowedByTimeAndPlaybook() async throws {
        let folder = try TemporaryFolder()
        for (day, playbook) in ["nightly.ps1", "weekly.ps1", "nightly.ps1"].enumerated() {
            _ = try await RecordedSample.make(
                in: folder.path,
                targets: ["web1"],
                playbook: playbook,
                startedSeconds: 1_795_312_800 + Int64(day) * 86_400
            )
        }
        func listed(_ arguments: String...) async throws -> [Substring] {
            let bound = try bind(arguments: ["list", "--recordings", folder.path] + arguments)
            guard case .list(let invocation) = bound else { return [] }
            let console = CapturedConsole()
            #expect(await ListCommand.run(invocation, console: console.console()) == 0)
            return console.output.split(separator: "\n").dropFirst().map { $0.prefix(8) }
        }
        #expect(try await listed() == ["20261122", "20261123", "20261124"])
        #expect(try await listed("--playbook", "nightly") == ["20261122", "20261124"])
        #expect(try await listed("--since", "2026-11-23") == ["20261123", "20261124"])
        #expect(try await listed("--since", "2026-11-23", "--until", "2026-11-23") == ["20261123"])
        #expect(try await listed("--until", "2026-11-21") == [])
    }

    @Test("An empty folder and a missing one have no runs")
    func anEmptyFolderAndNoneAtAllHaveNoRuns() async throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.path + "/none"] {
            let (status, console) = await Self.list(path)
            #expect(status == 0)
            #expect(console.output.isEmpty)
            #expect(console.warnings == "There are no runs in \(path).\n")
        }
    }

    @Test("show tells of targets, phases and steps")
    func showTellsOfTargetsPhasesAndSteps() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let (status, console) = await Self.show("last", in: folder.path)
        #expect(status == 0)
        let lines = console.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "Run        20261122T020000Z-nightly-3fa91c (sealed)")
        #expect(lines.contains("Exit code  4"))
        #expect(lines.contains("Targets    2: 1 ok, 1 unreachable"))
        #expect(lines.contains { $0.hasPrefix("Archive    ") && $0.hasSuffix(run.archiveHash) })
        let web = try #require(lines.firstIndex(of: "web1: ok, 3.4 s"))
        #expect(lines[web + 1] == "  tcp 900 us, kex 30 ms")
        #expect(lines[web + 2] == "  ok  lines 2 to 4  12 ms  if ($true) { …")
        #expect(lines.contains("down: unreachable, 3.4 s"))
        #expect(lines.contains("  nobody listens at down"))
    }

    @Test("Of many targets show names those that are well, and tells what is not ok of the others")
    func showOfManyTargets() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: (1...11).map { "web\($0)" } + ["down"])
        let output = await Self.show("last", in: folder.path).console.output
        #expect(
            output.contains("\n\n11 ok: web1, web2, web3, web4, web5, web6, web7, web8, web9, web10, web11\n"),
            "\(output)"
        )
        #expect(output.contains("\ndown: unreachable, 3.4 s\n  nobody listens at down\n"), "\(output)")
        #expect(!output.contains("tcp 900 us"))
        #expect(
            output.hasSuffix(
                "\n`psrun show 20261122T020000Z-nightly-3fa91c --host HOST` shows all steps of a target.\n"
            )
        )

        let many = try TemporaryFolder()
        let targets = (1...12).map { "web\($0)" }
        let run = RunDescription(
            playbookName: "p.ps1",
            playbookBytes: [],
            startedSeconds: 1_795_399_200,
            psrunVersion: "0.1.0",
            targets: targets
        )
        let recorder = try await RunRecorder.create(in: many.path, run: run, suffix: "abcdef")
        for (entry, target) in targets.enumerated() {
            recorder.begin(entry, EntryHeader(target: target, columns: 80, rows: 24, startedSeconds: 0, title: "p"))
            let failing = StepRecord(
                firstLine: 18,
                lastLine: 18,
                text: "check /srv",
                outcome: .error,
                succeeded: false,
                lastExitCode: 1,
                startedMicroseconds: 1,
                durationMicroseconds: 1
            )
            let unsent = #"{"first_line":19,"last_line":20,"text":"x","outcome":"not_sent"}"#
            let events: [(RecordedCode, String)] =
                [(.marker, "line 18"), (.output, "PS> check /srv\r\n"), (.input, "check /srv"), (.output, " \r\n")]
                + [(.output, "\u{1b}[31m93 %\u{1b}[0m\r\nmore\r\n")]
                + (entry == 1 ? [(.error, #"{"message":"no such disk\nat all"}"#)] : [])
                + [(.step, String(decoding: failing.encoded, as: UTF8.self)), (.step, unsent)]
                + [(.exit, #"{"outcome":"error"}"#)]
            for (code, data) in events { recorder.record(RecordedEvent(time: 1, code: code, data: data), in: entry) }
            recorder.finish(entry)
        }
        _ = try await recorder.seal(exitCode: 1)
        let bad = await Self.show("last", in: many.path).console.output
        #expect(
            bad.contains("\nweb1: error, 2 lines not sent\n  line 18 (check /srv): error, exit code 1: 93 %\n"),
            "\(bad)"
        )
        #expect(
            bad.contains("\nweb2: error, 2 lines not sent\n  line 18 (check /srv): error, exit code 1: no such disk\n")
        )
        #expect(!bad.contains(" ok: "))
    }

    @Test("A run whose sessions asked for an exit code is not well in the list, an older one either")
    func listOfExitCodes() async throws {
        let folder = try TemporaryFolder()
        for (exitCode, suffix) in [(Int32(0), "aaaaaa"), (1, "bbbbbb"), (3, "cccccc"), (130, "dddddd")] {
            let run = RunDescription(
                playbookName: "p.ps1",
                playbookBytes: [],
                startedSeconds: 1_795_399_200 + Int64(exitCode),
                psrunVersion: "0.1.0",
                targets: ["web1"]
            )
            let recorder = try await RunRecorder.create(in: folder.path, run: run, suffix: suffix)
            recorder.begin(0, EntryHeader(target: "web1", columns: 80, rows: 24, startedSeconds: 0, title: "p"))
            recorder.record(RecordedEvent(time: 1, code: .exit, data: #"{"outcome":"ok","exit_code":1}"#), in: 0)
            recorder.finish(0)
            _ = try await recorder.seal(exitCode: exitCode)
        }
        let rows = await Self.list(folder.path).console.output.split(separator: "\n").dropFirst()
        let cells = rows.map { $0.split(separator: " ").map(String.init) }
        #expect(cells.map { $0[3] } == ["1", "-", "1", "1"], "\(rows)")
        #expect(rows.map { $0.hasSuffix(" -") } == [true, false, false, false], "\(rows)")
        #expect(
            rows.dropFirst().map { $0.split(separator: " ").suffix(3).joined(separator: " ") }
                == ["exit code 1", "exit code 3", "exit code 130"]
        )
        let shown = await Self.show("bbbbbb", in: folder.path).console
        #expect(shown.output.contains("\nTargets    1: 1 error\n"), "\(shown.output)")
        #expect(shown.output.contains("\nweb1: error, exit 1\n"), "\(shown.output)\(shown.warnings)")
    }

    @Test("show has a machine-readable form")
    func showIsMachineReadable() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let text = await Self.show("last", in: folder.path, json: true, host: "down").console.output
        let json = try JSONValue(parsing: Array(text.utf8))
        #expect(json["run"]?.string == "20261122T020000Z-nightly-3fa91c")
        #expect(json["started"]?.string == "2026-11-22T02:00:00Z")
        let targets = try #require(json["targets"]?.array)
        #expect(targets.count == 1)
        #expect(targets[0]["target"]?.string == "down")
        #expect(targets[0]["error"]?["code"]?.string == "Refused")
        #expect(targets[0]["steps"]?.array?.first?["first_line"]?.integer == 2)
    }

    @Test("A recovered run is exported as far as it goes, and the exit code is 6", arguments: [true, false])
    func aRecoveredRunIsExported(toFile: Bool) async throws {
        let folder = try TemporaryFolder()
        let name = try await Self.killedRun(in: folder)
        #expect(await Self.recover(name, in: folder.path).status == 6)
        for format in ExportInvocation.Format.allCases {
            var invocation = ExportInvocation(source: .run(name), format: format)
            invocation.recordings = folder.path
            invocation.host = "host1"
            let file = folder.path(of: "export.\(format.rawValue)")
            if toFile { invocation.output = file }
            let console = CapturedConsole()
            #expect(await ExportCommand.run(invocation, console: console.console()) == 6, "\(format)")
            let exported = toFile ? try text(of: file) : console.output
            #expect(exported.contains("host1"), "\(format)")
            #expect(console.warnings.contains("not whole") && console.warnings.contains("recovered from its journal"))
        }
    }

    @Test("A killed run is recovered once and plays as a recovered one")
    func aKilledRunIsRecoveredOnceAndPlaysAsWhatItIs() async throws {
        let folder = try TemporaryFolder()
        let name = try await Self.killedRun(in: folder)
        var replay = ReplayInvocation(run: name)
        replay.recordings = folder.path
        let before = CapturedConsole()
        #expect(await ReplayCommand.run(replay, console: before.console()) == 6)
        #expect(before.output.isEmpty)
        #expect(before.warnings.contains("psrun recover \(name)"))

        #expect(await Self.show(name, in: folder.path).console.output.contains("`psrun recover \(name)` seals it"))
        var prove = ProveInvocation(run: name)
        prove.recordings = folder.path
        prove.host = "host1"
        prove.output = folder.path(of: "proof.tar")
        let unproved = CapturedConsole()
        #expect(await ProveCommand.run(prove, console: unproved.console()) == 6)
        #expect(unproved.warnings.contains("psrun recover \(name)"))

        let first = await Self.recover(nil, in: folder.path)
        #expect(first.status == 6)
        #expect(first.console.output.hasPrefix("\(name) is recovered: 1 of 3 targets ended well.\n"))
        let second = await Self.recover(name, in: folder.path)
        #expect(second.status == 6)
        #expect(second.console.output == "\(name) is sealed; there is nothing to recover.\n")
        let third = await Self.recover(nil, in: folder.path)
        #expect(third.status == 0)
        #expect(third.console.warnings == "There is nothing to recover in \(folder.path).\n")

        let after = CapturedConsole()
        #expect(await ReplayCommand.run(replay, console: after.console()) == 6)
        #expect(after.output.contains("host1 step 1"))
        // The one that was never begun says why its console is empty.
        #expect(after.output.contains(" <==\npsrun: "), "\(after.output)")
        #expect(after.warnings.contains("not whole") && after.warnings.contains("2 of these sessions"))
        #expect(await Self.show(name, in: folder.path).console.output.contains("host1: broken (truncated)"))
    }

    @Test("A run that is going on is refused and left alone")
    func aLiveRunIsRefusedAndLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let description = RunDescription(
            playbookName: "live.ps1",
            playbookBytes: [],
            startedSeconds: 0,
            psrunVersion: "0.1.0",
            targets: ["a"]
        )
        let recorder = try await RunRecorder.create(in: folder.path, run: description, suffix: "ffffff")
        let explicit = await Self.recover("live", in: folder.path)
        #expect(explicit.status == 75)
        #expect(explicit.console.warnings.contains("still in progress"))
        #expect(await Self.recover(nil, in: folder.path).status == 0)
        _ = try await recorder.seal(exitCode: 0)
        #expect(await Self.list(folder.path).console.output.contains("sealed"))
    }
}
