import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import Testing

/// Who reads a recording is noted before anything of it is shown.
@Suite struct AccessLogOfVerbsTests {
    /// KIND, RUN and WHAT of each line of a folder's chain.
    private static func lines(in folder: String) throws -> [[String]] {
        let text = String(decoding: try contents(of: "\(folder)/chain.log"), as: UTF8.self)
        return text.split(separator: "\n").map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return [fields[3], fields[4], fields[7]]
        }
    }

    @Test("replay, show and prove are noted in the access log unless told not to")
    func replayShowAndProveAreNotedUnlessToldNotTo() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1", "web2"])
        let name = "20261122T020000Z-nightly-3fa91c"
        let sealed = try Self.lines(in: folder.path)
        let console = CapturedConsole()

        var replay = ReplayInvocation(run: "last")
        replay.recordings = folder.path
        replay.host = "web2"
        #expect(await ReplayCommand.run(replay, console: console.console()) == 0)
        // A run that is named by its folder lies in the recordings folder above it, whatever --recordings says.
        var show = ShowInvocation(run: run.folder + "/")
        show.recordings = "/nowhere"
        #expect(await ShowCommand.run(show, console: console.console()) == 0)
        var prove = ProveInvocation(run: "last")
        prove.recordings = folder.path
        prove.host = "web1"
        prove.output = folder.path(of: "web1.tar")
        #expect(await ProveCommand.run(prove, console: console.console()) == 0)
        replay.keepsAccessLog = false
        show.keepsAccessLog = false
        prove.keepsAccessLog = false
        #expect(await ProveCommand.run(prove, console: console.console()) == 0)
        #expect(await ReplayCommand.run(replay, console: console.console()) == 0)
        #expect(await ShowCommand.run(show, console: console.console()) == 0)
        let read = try Self.lines(in: folder.path).dropFirst(sealed.count)
        let whats = ["replay --host web2", "show", "prove --host web1"]
        #expect(Array(read) == whats.map { ["access", name, $0] })
    }

    @Test("Nothing is noted where the environment says so, and a stranger's run is said not to be noted")
    func theEnvironmentAndStrangers() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let sealed = try Self.lines(in: folder.path)
        var show = ShowInvocation(run: "last")
        show.recordings = folder.path
        let console = CapturedConsole()
        let environment = ["PSRUN_NO_ACCESS_LOG": "1"]
        #expect(await ShowCommand.run(show, console: console.console(environment: environment)) == 0)
        #expect(console.warnings.isEmpty)
        let other = folder.path(of: "20261124T020000Z-other-abcdef")
        _ = try await ChildProgram.run(["/bin/cp", "-a", run.folder, other])
        #expect(await ShowCommand.run(show, console: console.console()) == 0)
        #expect(console.warnings.contains("this reading is not noted: the chain beside \(other) does not tell of"))
        #expect(try Self.lines(in: folder.path) == sealed)
    }

    @Test("What cannot be noted is not shown")
    func whatCannotBeNotedIsNotShown() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        _ = try await ChildProgram.run(["/bin/rm", "\(folder.path)/chain.log"])
        try folder.makeFolder("chain.log")
        var replay = ReplayInvocation(run: "last")
        replay.recordings = folder.path
        let console = CapturedConsole()
        #expect(await ReplayCommand.run(replay, console: console.console()) == 3)
        #expect(console.output.isEmpty)
        #expect(console.warnings.contains("give --no-access-log."))
        replay.keepsAccessLog = false
        #expect(await ReplayCommand.run(replay, console: console.console()) == 0)
        #expect(console.output == RecordedSample.plain("web1"))
    }
}
