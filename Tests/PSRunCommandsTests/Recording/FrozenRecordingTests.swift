import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import RecordingFormat
import Testing

@Suite("A run that psrun 0.1.0 recorded")
struct FrozenRecordingTests {
    private static let folder = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/recorded-0.1.0"
    private static let run = "20261130T054147Z-nightly-4998cb"

    @Test("It is proved")
    func verify() async {
        var invocation = VerifyInvocation()
        invocation.all = true
        invocation.recordings = Self.folder
        let console = CapturedConsole()
        #expect(await VerifyCommand.run(invocation, console: console.console()) == 0, "\(console.warnings)")
        #expect(console.output.contains("\(Self.run)  sealed  good: 3 of 3 entries are good"))
    }

    @Test("It replays as it did then")
    func replay() async throws {
        var invocation = ReplayInvocation(run: Self.run)
        invocation.recordings = Self.folder
        invocation.keepsAccessLog = false
        let console = CapturedConsole()
        #expect(await ReplayCommand.run(invocation, console: console.console()) == 0, "\(console.warnings)")
        #expect(console.output == (try text(of: "\(Self.folder)/replayed.txt")))
    }

    @Test("Its targets are told as they were then, to people and to programs")
    func show() async throws {
        var invocation = ShowInvocation(run: Self.run)
        invocation.recordings = Self.folder
        invocation.keepsAccessLog = false
        invocation.format = .json
        let console = CapturedConsole()
        #expect(await ShowCommand.run(invocation, console: console.console()) == 0, "\(console.warnings)")
        let told = try JSONValue(parsing: Array(console.output.utf8))
        #expect(told["targets"] == (try JSONValue(parsing: contents(of: "\(Self.folder)/targets.json"))))
        invocation.format = .text
        let people = CapturedConsole()
        #expect(await ShowCommand.run(invocation, console: people.console()) == 0)
        #expect(people.output.contains("profile") && people.output.contains("lines 6 to 8"))
    }
}
