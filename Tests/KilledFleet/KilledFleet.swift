import Connections
import Fleet
import Glibc
import PSRunTestSupport
import PastRuns
import Playbooks
import Recording
import RecordingFormat
import Resuming
import Sessions
import SilentRuns

/// A run of many simulated hosts that a test can kill at any moment, and continue.
///
/// Arguments: `run RECORDINGS LOGS HOSTS SEED`, `resume RECORDINGS LOGS SEED [repeat]` (0: nothing is left; 1: lines in doubt
/// are; 10: it went on), `tell RECORDINGS` (`HOST LINE STATE` for each, over all runs; the states are `ran`, `unknown`
/// and `not_sent`).
@main
struct KilledFleet {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("run", 5):
                let names = (0..<(Int(arguments[3]) ?? 1)).map { "host\($0)" }
                exit(try await run(names, nil, in: arguments[1], arguments[2], seed: arguments[4]))
            case ("resume", 4...5): exit(try await resume(arguments))
            case ("tell", 2): try tell(arguments[1])
            default: exit(2)
            }
        } catch {
            print("error: \(error)")
            exit(2)
        }
    }

    private static func run(
        _ names: [String],
        _ continued: ContinuedRun?,
        in recordings: String,
        _ logs: String,
        seed: String
    ) async throws -> Int32 {
        let bytes = Array(SimulatedHost.playbook.utf8)
        var recording = RecordingPlan(psrunVersion: "0")
        recording.folder = recordings
        var plan = RunPlan(
            playbook: try Playbook(bytes: bytes),
            playbookName: "killed.ps1",
            playbookBytes: bytes,
            targets: names.map { RunTarget(.local, name: $0, label: $0, computerName: $0) },
            session: SessionOptions(target: "", label: "", computerName: ""),
            recording: recording,
            startedSeconds: Int64(time(nil)),
            environment: [:]
        )
        plan.session.keepsSteps = false
        plan.fanout = 64
        plan.continued = continued
        let seed = UInt64(seed) ?? 1
        plan.simulation = { target in
            let number = UInt64(target.name.dropFirst(4)) ?? 0
            let host = SimulatedHost(
                log: "\(logs)/\(target.name)",
                delays: SplitMix64(seed: seed &* 65_537 &+ number),
                cuts: number % 2 == 0
            )
            return host
        }
        let run = try FleetRun(
            plan,
            console: SilentConsole(),
            person: nil,
            mask: SecretMask(),
            control: RunControl()
        )
        return await run.run().isRecordingLost ? 3 : 0
    }

    private static func resume(_ arguments: [String]) async throws -> Int32 {
        let store = RunStore(folder: arguments[1])
        let runs = try store.runs().filter { if case .killed(nil) = $0.state { false } else { true } }
        guard let last = runs.last else { return 11 }
        let past = try PastRun(last, locks: true, seal: SealOptions(), remark: { _ in })
        var plan = ResumePlan(past.sessions, of: past.run.name)
        if arguments.count == 5 { try plan.send(again: [RepeatWish("all")]) }
        guard plan.hasWork else { return plan.targets.isEmpty ? 0 : 1 }
        let continued = ContinuedRun(
            run: PreviousRun(run: past.run.name, manifestHash: past.manifestHash),
            starts: plan.targets.map(\.start)
        )
        let status: Result<Int32, any Error> = await past.whileHeld {
            do {
                let names = plan.targets.map(\.name)
                return .success(try await run(names, continued, in: arguments[1], arguments[2], seed: arguments[3]))
            } catch { return .failure(error) }
        }
        let code = try status.get()
        return code == 0 ? 10 : code
    }

    /// What all runs together say of each line that is not a comment.
    private static func tell(_ recordings: String) throws {
        let store = RunStore(folder: recordings)
        var states: [String: [Int: String]] = [:]
        for run in try store.runs() {
            if case .killed(nil) = run.state { continue }
            let past = try PastRun(run, locks: false, seal: SealOptions(), remark: { _ in })
            for session in past.sessions {
                for step in session.steps {
                    guard let first = step.firstLine, let last = step.lastLine else { continue }
                    for line in first...last { states[session.target, default: [:]][Int(line)] = state(of: step) }
                }
            }
        }
        for (host, lines) in states {
            for (line, state) in lines { print(host, line, state) }
        }
    }

    private static func state(of step: StepRecord) -> String {
        switch step.outcome {
        case .notSent?: step.earlierRun == nil ? "not_sent" : "ran"
        case .unknown?, .stopped?, nil: "unknown"
        default: "ran"
        }
    }
}
