import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct FollowCommandTests {
    private static func recorder(in folder: String, targets: [String], suffix: String = "3fa91c") async throws
        -> RunRecorder
    {
        let run = RunDescription(
            playbookName: "live.ps1",
            playbookBytes: [],
            startedSeconds: 1_795_399_200,
            psrunVersion: "0.1.0",
            targets: targets
        )
        let recorder = try await RunRecorder.create(in: folder, run: run, suffix: suffix)
        for (entry, target) in targets.enumerated() {
            let header = EntryHeader(target: target, columns: 80, rows: 24, startedSeconds: 0, title: target)
            recorder.begin(entry, header)
        }
        return recorder
    }

    private static func follow(
        _ run: String? = nil,
        in folder: String,
        host: String? = nil,
        console: CapturedConsole,
        isTerminal: Bool = false
    ) async -> Int32 {
        var invocation = FollowInvocation()
        invocation.run = run
        invocation.recordings = folder
        invocation.host = host
        return await FollowCommand.run(invocation, console: console.console(isTerminal: isTerminal))
    }

    private static func put(_ text: String, in entry: Int, of recorder: RunRecorder) {
        recorder.record(RecordedEvent(time: 0, code: .output, data: text), in: entry)
    }

    /// Waits until the console shows that much; the test's own time limit ends it otherwise.
    private static func wait(for text: String, on console: CapturedConsole) async throws {
        while !console.output.hasSuffix(text) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("What is recorded is shown before its commit and until the run is sealed", .timeLimit(.minutes(1)))
    func whatIsRecordedIsShownWithoutACommitAndUntilTheRunIsSealed() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await Self.recorder(in: folder.path, targets: ["root@web1:22"])
        let console = CapturedConsole()
        async let status = Self.follow(in: folder.path, console: console)
        Self.put("[web1]: PS> ", in: 0, of: recorder)
        try await Self.wait(for: "[web1]: PS> ", on: console)
        Self.put("'hi'\r\n\u{1b}[32mhi\u{1b}[0m \u{1b}]0;owned\u{7}\r\n", in: 0, of: recorder)
        recorder.record(RecordedEvent(time: 1, code: .warning, data: "not shown twice"), in: 0)
        try await Self.wait(for: "'hi'\nhi ^[]0;owned^G\n", on: console)
        Self.put("the end", in: 0, of: recorder)
        recorder.finish(0)
        _ = try await recorder.seal(exitCode: 4)
        #expect(await status == 4)
        #expect(console.output == "[web1]: PS> 'hi'\nhi ^[]0;owned^G\nthe end\n")
        #expect(console.warnings.isEmpty)
    }

    @Test("The lines of several targets carry their names", .timeLimit(.minutes(1)))
    func severalTargetsAreNamedLineByLine() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await Self.recorder(in: folder.path, targets: ["web1", "root@web2:22"])
        let all = CapturedConsole()
        let one = CapturedConsole()
        async let status = Self.follow("live", in: folder.path, console: all)
        async let oneStatus = Self.follow("live", in: folder.path, host: "WEB2", console: one)
        Self.put("a\r\nb", in: 0, of: recorder)
        Self.put("c", in: 0, of: recorder)
        Self.put("x\r\n\r\ny\r\n", in: 1, of: recorder)
        Self.put("d\r\n", in: 0, of: recorder)
        Self.put("open", in: 1, of: recorder)
        _ = try await recorder.seal(exitCode: 0)
        #expect(await status == 0)
        #expect(await oneStatus == 0)
        #expect(
            all.output == """
                web1: a
                web1: bc
                root@web2:22: x
                root@web2:22:\u{20}
                root@web2:22: y
                web1: d
                root@web2:22: open

                """
        )
        #expect(one.output == "x\n\ny\nopen\n")
    }

    @Test("No target hides what another says", .timeLimit(.minutes(1)))
    func noTargetHidesWhatAnotherSays() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await Self.recorder(in: folder.path, targets: ["web1", "web2"])
        let console = CapturedConsole()
        async let status = Self.follow("live", in: folder.path, console: console, isTerminal: true)
        Self.put("a\u{1b}[8;31mb\r\nc", in: 0, of: recorder)
        Self.put("seen\r\n", in: 1, of: recorder)
        Self.put("d\r\n", in: 0, of: recorder)
        _ = try await recorder.seal(exitCode: 0)
        #expect(await status == 0)
        #expect(
            console.output == """
                web1: a\u{1b}[31mb\u{1b}[0m
                web1: \u{1b}[0;31mc\u{1b}[0m
                web2: seen
                web1: \u{1b}[0;31md\u{1b}[0m

                """
        )
    }

    @Test("The newest run in progress is followed, and a run that is over is refused")
    func theNewestRunInProgressIsMeantAndOthersAreRefused() async throws {
        let folder = try TemporaryFolder()
        let nothing = CapturedConsole()
        #expect(await Self.follow(in: folder.path, console: nothing) == 2)
        #expect(nothing.warnings == "psrun: No run is in progress in \(folder.path).\n")

        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let sealed = CapturedConsole()
        #expect(await Self.follow("last", in: folder.path, console: sealed) == 2)
        #expect(sealed.warnings.contains("has ended: `psrun replay 20261122T020000Z-nightly-3fa91c` plays it."))

        let recorder = try await Self.recorder(in: folder.path, targets: ["web1"], suffix: "abcdef")
        let stranger = CapturedConsole()
        #expect(await Self.follow(in: folder.path, host: "web9", console: stranger) == 2)
        #expect(stranger.warnings.contains("live-abcdef has no target web9. It has 1: web1."))
        _ = try await recorder.seal(exitCode: 0)
    }

    @Test("follow ends with 6 and without a torn tail when its run is killed", .timeLimit(.minutes(1)))
    func aRunThatIsKilledEndsItWithSixAndWithoutATornTail() async throws {
        let place = try Workplace()
        let playbook = try place.playbook("echo one\nsleep 60\n", named: "p.sh")
        let run = try place.start([playbook])
        while try !run.outputSoFar().contains("one\n") { try await Task.sleep(for: .milliseconds(20)) }
        let console = CapturedConsole()
        async let status = Self.follow(in: place.recordings, console: console)
        try await Self.wait(for: "> sleep 60\n", on: console)
        run.signal(9)
        _ = try await run.outcome()
        #expect(await status == 6)
        #expect(console.output.contains("> echo one\none\n[localhost]"))
        #expect(console.output.hasSuffix("> sleep 60\n"))
        #expect(console.warnings.contains("was never sealed"))
    }
}
