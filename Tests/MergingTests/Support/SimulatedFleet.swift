import Fleet
import Glibc
import Playbooks
import Sessions
import Sharding
import Threads

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
        let run = try FleetRun(plan, console: MuteConsole(), person: nil, mask: SecretMask(), control: RunControl())
        return await run.run().folder ?? ""
    }
}

private struct MuteConsole: RunConsole {
    let columns = 80

    func screen(of target: RunTarget, at index: Int) -> any TargetScreen { MuteScreen() }
    func complain(_ message: String) { print("complaint: \(message)") }
    func remark(_ message: String) {}
    func sessionsHaveEnded() async -> Int32? { nil }
    func exitCode(of verdict: RunVerdict) -> Int32 { 0 }
}

private struct MuteScreen: TargetScreen {
    let heading = ""

    func show(_ event: SessionEvent) {}
    func keep(_ text: String) {}
    func tell(diagnostics text: String) {}
    func tell(banner text: String) {}
    func tell(noise line: String) {}
    func tell(step result: StepResult) {}
    func tell(foreign text: String) {}
    func tell(_ cutter: BlockCutter, _ blocks: [PlaybookBlock]) {}
    func tell(remark text: String) {}
    func tell(trace line: String, at moment: RunMoment) {}
    func opened(at moment: RunMoment) {}
    func finish(_ result: TargetResult) {}
    func waitForRoom(_ patience: Patience) async {}
}
