import Fleet
import Glibc
import Playbooks
import Sessions
import Sharding
import SilentRuns

/// A run of simulated hosts, or one of its shards, recorded.
enum SimulatedFleet {
    /// - Returns: the run's folder.
    static func run(_ names: [String], _ shard: Shard, in recordings: String) async throws -> String {
        let bytes = Array("'one line'\n".utf8)
        let positions = shard.positions(in: names)
        var recording = RecordingPlan(psrunVersion: "0.1.0")
        recording.folder = recordings
        var plan = RunPlan(
            playbook: try Playbook(bytes: bytes),
            playbookName: "nightly.ps1",
            playbookBytes: bytes,
            targets: positions.map { names[$0] }.map { RunTarget(.local, name: $0, label: $0, computerName: $0) },
            session: SessionOptions(target: "", label: "", computerName: ""),
            recording: recording,
            startedSeconds: Int64(time(nil)),
            environment: [:]
        )
        plan.session.keepsSteps = false
        plan.fanout = 64
        plan.shard = RunShard(index: shard.index, count: shard.count, names: names, positions: positions)
        plan.simulation = { _ in SimulatedHost() }
        let run = try FleetRun(plan, console: SilentConsole(), person: nil, mask: SecretMask(), control: RunControl())
        return await run.run().folder ?? ""
    }
}
