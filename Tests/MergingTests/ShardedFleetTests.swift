import Audit
import Glibc
import Merging
import PSRunTestSupport
import Recording
import RecordingFormat
import Sharding
import Testing

struct ShardedFleetTests {
    /// `PSRUN_SHARD_TARGETS=100000` for the size that the documentation tells of.
    private static let count = getenv("PSRUN_SHARD_TARGETS").flatMap { Int(String(cString: $0)) } ?? 2_000

    @Test("Simulated targets over ten shards: each ran once, and the merged recording has them in their order")
    func tenShards() async throws {
        let folder = try TemporaryFolder()
        let names = (1...Self.count).map { "host\($0).example" }
        let clock = ContinuousClock()
        var shards: [RecordedRun] = []
        let ran = try await clock.measure {
            for index in 0..<10 {
                let shard = try #require(Shard(index, of: 10))
                shards.append(RecordedRun(folder: try await SimulatedFleet.run(names, shard, in: folder.path)))
            }
        }
        let parts = try shards.map { try SealedRecording(folder: $0.folder).entries.map(\.target) }
        #expect(parts.map(\.count).reduce(0, +) == names.count)
        #expect(Set(parts.flatMap(\.self)) == Set(names))

        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: [:])
        var sealed: SealedRun?
        let merged = try clock.measure {
            let merge = try RunMerge(ShardSet(shards, isPartial: false), signatures: signatures) { $0.max() ?? 0 }
            sealed = try merge.record(in: folder.path, suffix: "abcdef", options: SealOptions())
        }
        let run = try #require(sealed)
        let recording = try SealedRecording(folder: run.folder)
        #expect(recording.entries.map(\.target) == names)
        #expect(recording.manifest.outcomes == ["ok": names.count])
        let audit = try StoreAudit.of(.init(folder: folder.path, runs: [run.folder], signatures: signatures))
        #expect(audit.isProved, "\(audit.allFindings)")
        print("\(names.count) targets over 10 shards: ran in \(ran), merged in \(merged); sizes \(parts.map(\.count))")
    }
}
