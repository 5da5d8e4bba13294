import PSRunTestSupport
import Recording
import RecordingFormat
import Sharding

/// A run and its shards, recorded by a clock that stands still: what they say is the same but for what they are.
struct RecordedShards {
    let folder: TemporaryFolder
    var names = (1...40).map { "web\($0)" }
    var playbook = "nightly.ps1"
    var playbookText = "'hi'\n"
    static let started: Int64 = 1_795_312_800

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let clock = RecorderClock(nanoseconds: { 7_000_000_000 }, secondsSince1970: { started + 4 })

    /// One run of all targets, and its folder.
    func one(in recordings: String = "one") async throws -> String {
        try await record(Array(names.indices), shard: nil, in: recordings, suffix: "3fa91c")
    }

    /// One of the shards, and its folder.
    func shard(_ text: String, in recordings: String = "shards", suffix: String? = nil) async throws -> String {
        let shard = try ShardRequest(text).shard(environment: [:])
        let recorded = RecordedShard(index: shard.index, count: shard.count, selection: RecordedSelection(of: names))
        let positions = shard.positions(in: names)
        return try await record(positions, shard: recorded, in: recordings, suffix: suffix ?? "00000\(shard.index)")
    }

    /// All shards of so many, the last one first: their order is not that of their numbers.
    func shards(of count: Int, in recordings: String = "shards") async throws -> [String] {
        var folders: [String] = []
        for index in (0..<count).reversed() { folders.append(try await shard("\(index)/\(count)", in: recordings)) }
        return folders
    }

    private func record(
        _ positions: [Int],
        shard: RecordedShard?,
        in recordings: String,
        suffix: String
    ) async throws -> String {
        let run = RunDescription(
            playbookName: playbook,
            playbookBytes: Array(playbookText.utf8),
            startedSeconds: Self.started,
            psrunVersion: "0.1.0",
            targets: positions.map { names[$0] },
            shard: shard,
            positions: shard == nil ? [] : positions
        )
        let recorder = try await RunRecorder.create(
            in: "\(folder.path)/\(recordings)",
            run: run,
            suffix: suffix,
            clock: Self.clock
        )
        for (entry, position) in positions.enumerated() {
            let header = EntryHeader(
                target: names[position],
                columns: 80,
                rows: 24,
                startedSeconds: Self.started,
                title: "\(playbook) on \(names[position])",
                position: shard == nil ? nil : position
            )
            recorder.begin(entry, header)
            for event in RecordedSample.events(names[position], outcome: Self.outcome(position)) {
                recorder.record(event, in: entry)
            }
            recorder.finish(entry)
        }
        let outcomes = Set(positions.map(Self.outcome))
        let (isUnreachable, hasError) = (outcomes.contains("unreachable"), outcomes.contains("error"))
        let code: Int32 = isUnreachable ? hasError ? 5 : 4 : hasError ? 1 : 0
        return try await recorder.seal(exitCode: code).folder
    }

    private static func outcome(_ position: Int) -> String {
        position == 12 ? "unreachable" : position % 10 == 9 ? "error" : "ok"
    }
}
