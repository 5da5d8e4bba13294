import Fleet
import Glibc
import PipeTransport
import Playbooks
import Sessions
import SilentRuns
import Synchronization

/// ScaleBenchmark serve SOCKET
/// ScaleBenchmark run SOCKET TARGETS AT-ONCE RECORDINGS
let words = CommandLine.arguments
signal(SIGPIPE, SIG_IGN)

/// Runs three lines on so many targets, each recorded.
func run(_ socket: String, targets: Int, atOnce: Int, recordings: String) async throws {
    let text = (1...3).map { "echo line \($0)\n" }.joined()
    var recording = RecordingPlan(psrunVersion: "0")
    recording.folder = recordings
    var plan = RunPlan(
        playbook: try Playbook(bytes: Array(text.utf8)),
        playbookName: "scale.sh",
        playbookBytes: Array(text.utf8),
        targets: (0..<targets).map { number in
            RunTarget(
                .pipe(.path(socket)),
                name: "host\(number)",
                label: "host\(number)",
                computerName: "host\(number)"
            )
        },
        session: SessionOptions(target: "", label: "", computerName: ""),
        recording: recording,
        startedSeconds: Int64(time(nil)),
        environment: [:]
    )
    plan.fanout = atOnce
    // As psrun's own runs: what a step said goes to the recording, and is not held.
    plan.session.keepsSteps = false
    let wellEnded = Atomic(0)
    let console = SilentConsole { result, wellSteps in
        if result.outcome == .ok && wellSteps == 3 { wellEnded.add(1, ordering: .relaxed) }
    }
    let run = try FleetRun(plan, console: console, person: nil, mask: SecretMask(), control: RunControl())
    _ = await run.run()
    let ended = wellEnded.load(ordering: .relaxed)
    precondition(ended == targets, "\(ended) of \(targets) sessions ended well")
}

if words.count == 3, words[1] == "serve" {
    try FarSide.serve(words[2])
} else if words.count == 6, words[1] == "run", let targets = Int(words[3]), let atOnce = Int(words[4]) {
    try await run(words[2], targets: targets, atOnce: atOnce, recordings: words[5])
} else {
    fatalError("usage: ScaleBenchmark serve SOCKET | run SOCKET TARGETS AT-ONCE RECORDINGS")
}
