import Files
import Glibc
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import Testing

@Suite("What psrun merge refuses")
struct MergeRefusalTests {
    /// Merges, and tells why that was refused; nothing may be written then.
    private func refusal(_ runs: [String], in folder: TemporaryFolder, partial: Bool = false) async -> String {
        var invocation = MergeInvocation()
        invocation.runs = runs
        invocation.isPartial = partial
        invocation.recordings = "\(folder.path)/merged"
        let console = CapturedConsole()
        let status = await MergeCommand.run(invocation, console: console.console())
        #expect(status == 2)
        #expect(console.output.isEmpty)
        #expect(!FilePaths.exists("\(folder.path)/merged"))
        return console.warnings
    }

    @Test("A missing shard is named, unless --partial is given")
    func missing() async throws {
        let runs = try RecordedShards()
        let told = await refusal([try await runs.shard("0/3"), try await runs.shard("2/3")], in: runs.folder)
        #expect(told.contains("A shard is missing: 1/3."))
    }

    @Test("Two recordings of one shard, and one that is named twice, would count a target twice")
    func overlap() async throws {
        let runs = try RecordedShards()
        var all = try await runs.shards(of: 2)
        let again = try await runs.shard("1/2", suffix: "abcdef")
        for partial in [false, true] {
            #expect(await refusal(all + [again], in: runs.folder, partial: partial).contains("are both shard 1/2"))
        }
        all.append(all[0])
        #expect(await refusal(all, in: runs.folder).contains("twice, is shard 1/2"))
    }

    @Test("Shards of other playbooks, other selections, another order and another count do not fit")
    func different() async throws {
        let runs = try RecordedShards()
        let first = try await runs.shard("0/2")
        func told(_ shard: String = "1/2", _ change: (inout RecordedShards) -> Void) async throws -> String {
            var other = runs
            change(&other)
            let folder = "other\(Int.random(in: 0..<1 << 32))"
            return await refusal([first, try await other.shard(shard, in: folder)], in: runs.folder)
        }
        #expect(try await told { $0.playbookText = "'ho'\n" }.contains("their playbooks differ"))
        #expect(
            try await told { $0.playbook = "daily.ps1" }.contains("their playbooks are daily.ps1 and nightly.ps1")
        )
        #expect(
            try await told { $0.names.append("web41") }.contains("one had a part of 41 targets, the other of 40")
        )
        #expect(try await told { $0.names.reverse() }.contains("in another order"))
        #expect(try await told("1/3") { _ in }.contains("one is 1/3, the other 0/2"))
    }

    @Test("A whole run and a merged one are not shards")
    func notShards() async throws {
        let runs = try RecordedShards()
        let one = try await runs.one()
        #expect(await refusal([one], in: runs.folder).contains("the whole of a run, and not a shard"))
        var invocation = MergeInvocation()
        invocation.runs = try await runs.shards(of: 2)
        invocation.recordings = "\(runs.folder.path)/elsewhere"
        _ = await MergeCommand.run(invocation, console: CapturedConsole().console())
        let merged = try #require(try RunStore(folder: invocation.recordings ?? "").runs().last)
        #expect(await refusal([merged.folder], in: runs.folder).contains("is merged already"))
    }

    @Test("A shard of which one byte was changed is not merged", arguments: ["run.tar.zst", "manifest.json"])
    func tampered(_ name: String) async throws {
        let runs = try RecordedShards()
        let shards = try await runs.shards(of: 2)
        let path = "\(shards[1])/\(name)"
        let file = open(path, O_RDWR)
        defer { close(file) }
        var byte: UInt8 = 0
        let version = try contents(path).firstRange(of: Array("\"psrun\": \"0.1.".utf8))?.upperBound
        let place = off_t(version ?? 300)
        #expect(pread(file, &byte, 1, place) == 1)
        byte ^= 1
        #expect(pwrite(file, &byte, 1, place) == 1)
        #expect(await refusal(shards, in: runs.folder, partial: true).contains("is not what was sealed"))
    }

    private func contents(_ path: String) throws -> [UInt8] {
        try FileContents.read(path, limit: 1 << 20, kind: .regular)
    }
}
