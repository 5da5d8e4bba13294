import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite("psrun merge")
struct MergeCommandTests {
    @Test(
        "The report of merged shards is that of one run, byte for byte",
        arguments: MergeInvocation.Format.allCases,
        [1, 3, 7]
    )
    func sameReport(_ format: MergeInvocation.Format, _ count: Int) async throws {
        let runs = try RecordedShards()
        let one = try await runs.one()
        var invocation = MergeInvocation()
        invocation.runs = try await runs.shards(of: count)
        invocation.format = format
        invocation.recordings = "\(runs.folder.path)/one"
        let console = CapturedConsole()
        #expect(await MergeCommand.run(invocation, console: console.console()) == 5)
        let merged = try #require(try RunStore(folder: invocation.recordings ?? "").runs().last { $0.folder != one })

        let expected = CapturedConsole()
        _ = await MergeCommand.report(one, invocation, expected.console())
        // The merged run has a name of its own, and so a folder.
        #expect(console.output.replacing(merged.name, with: RecordedRun(folder: one).name) == expected.output)
        #expect(expected.output.utf8.count > 900)
    }

    @Test("The merged archive is that of one run, byte for byte, and the manifest names the shards by their hashes")
    func sameArchive() async throws {
        let runs = try RecordedShards()
        let one = try SealedRecording(folder: try await runs.one())
        var invocation = MergeInvocation()
        invocation.runs = try await runs.shards(of: 4)
        invocation.recordings = "\(runs.folder.path)/merged"
        _ = await MergeCommand.run(invocation, console: CapturedConsole().console())
        let run = try #require(try RunStore(folder: invocation.recordings ?? "").runs().last)
        let merged = try SealedRecording(folder: run.folder)
        #expect(merged.manifest.archiveHash == one.manifest.archiveHash)
        #expect(merged.manifest.merkleRoot == one.manifest.merkleRoot)
        #expect(merged.entries.map(\.target) == runs.names)
        #expect(merged.manifest.shard == nil)
        let shards = try invocation.runs.map { try SealedRecording(folder: $0) }.reversed()
        #expect(merged.manifest.merge?.parts.map(\.run.manifestHash) == shards.map(\.manifestHash))
        #expect(merged.manifest.merge?.parts.map(\.index) == [0, 1, 2, 3])
        #expect(merged.manifest.merge?.selection == RecordedSelection(of: runs.names))

        var verify = VerifyInvocation()
        verify.runs = [run.folder]
        let console = CapturedConsole()
        #expect(await VerifyCommand.run(verify, console: console.console()) == 0)
        #expect(console.output.contains("good: 40 of 40 entries are good"))
    }

    @Test("With --partial the report says which shards are missing, and keeps the order of the others")
    func partial() async throws {
        let runs = try RecordedShards()
        var invocation = MergeInvocation()
        invocation.runs = [try await runs.shard("3/4"), try await runs.shard("0/4")]
        invocation.isPartial = true
        invocation.recordings = "\(runs.folder.path)/merged"
        let console = CapturedConsole()
        _ = await MergeCommand.run(invocation, console: console.console())
        #expect(console.output.contains("Partial    2 of 4 shards are missing: 1, 2\n"))
        let run = try #require(try RunStore(folder: invocation.recordings ?? "").runs().last)
        let targets = try SealedRecording(folder: run.folder).entries.map(\.target)
        #expect(targets == runs.names.filter(Set(targets).contains) && !targets.isEmpty)
    }

    @Test("A shard without targets is merged like any other")
    func empty() async throws {
        var runs = try RecordedShards()
        runs.names = ["web1", "web2"]
        var invocation = MergeInvocation()
        invocation.runs = try await runs.shards(of: 10)
        invocation.recordings = "\(runs.folder.path)/merged"
        let console = CapturedConsole()
        #expect(await MergeCommand.run(invocation, console: console.console()) == 0)
        #expect(console.warnings.contains("10 shards with 2 targets merged"))
    }
}
