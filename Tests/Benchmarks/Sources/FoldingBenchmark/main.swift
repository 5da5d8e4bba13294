import Connections
import EventLoops
import Fleet
import Glibc
import PSRunCommandLine
import Playbooks
import RecordingFormat
import Results
import Sessions
import SimulatedFarSide
import Synchronization

/// What a clock of processor time says, in seconds.
func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A sum that several threads add to.
final class SharedSum: Sendable {
    private let sum = Mutex<Double>(0)

    var value: Double { sum.withLock { $0 } }

    func add(_ seconds: Double) { sum.withLock { $0 += seconds } }
}

/// Gives a target's console what the engine gives it, and measures how long folding takes.
struct FoldingObserver: SessionObserver {
    let console: TargetConsole
    let folding: SharedSum

    func observe(_ event: SessionEvent, at moment: RunMoment) async {
        let began = seconds(CLOCK_THREAD_CPUTIME_ID)
        console.show(event)
        switch event {
        case .stepEnded(let step):
            console.tell(step: step)
            console.keep(step)
        case .finished(let result): console.finish(result)
        default: return
        }
        folding.add(seconds(CLOCK_THREAD_CPUTIME_ID) - began)
    }

    func observe(diagnostics: String, at moment: RunMoment) async {}
    func observe(banner: String, at moment: RunMoment) async {}
    func observe(trace line: String, at moment: RunMoment) {}
    func ask(_ question: Question) async -> String? { nil }
}

/// 20 KB of a target's, in lines of a listing: its own name is in some, and one in a hundred has a line that others have not.
func lines(of target: Int) -> [String] {
    (0..<244).map { number in
        let name = number % 20 == 0 ? "web\(10_000 + target)" : "storage1"
        let odd = number == 100 && target % 100 == 0 ? "odd \(target % 300)" : "even"
        return "drwxr-xr-x  2 root root  4096 Nov 30 14:50 \(name) entry \(1_000 + number) of a listing \(odd)"
    }
}

let targets = getenv("SHORT") != nil ? 20 : 10_000
let playbook = try Playbook(bytes: Array("ls -l\n".utf8))
var invocation = RunInvocation(playbook: .lines(["ls -l"]))
invocation.output.file = "/dev/null"
let output = try RunOutput(
    invocation,
    playbook: playbook,
    named: "bench",
    targets: targets,
    environment: ["TMPDIR": "/tmp"],
    mask: SecretMask()
)
let (clock, farSide, folding) = (RunClock(), FarSideTime(), SharedSum())
let began = seconds(CLOCK_PROCESS_CPUTIME_ID)
let loops = try TargetLoops(clock, targets: 64)
await loops.during {
    await withTaskGroup(of: Void.self) { tasks in
        for index in 0..<targets {
            if index >= 64 { await tasks.next() }
            let place = loops.next()
            tasks.addTask(executorPreference: place.loop.taskExecutor) {
                let name = "web\(10_000 + index)"
                let target = RunTarget(.local, name: name, label: name, computerName: name)
                let texts = farSide.measure { lines(of: index) }
                var options = SessionOptions(target: name, label: name, computerName: name)
                options.keepsSteps = false
                let plan = TargetPlan(
                    transport: SimulatedTransport(answering: texts, time: farSide),
                    playbook: playbook,
                    options: options
                )
                let console = TargetConsole(target, at: index, output: output, asksPerson: false)
                let driver = TargetDriver(
                    plan,
                    clock: clock,
                    heartbeat: place.heartbeat,
                    control: RunControl(),
                    observer: FoldingObserver(console: console, folding: folding)
                )
                let result = await driver.run()
                loops.leave(place)
                precondition(result.outcome == .ok, "a session ended \(result.outcome)")
            }
        }
    }
}
let beforeEnd = seconds(CLOCK_PROCESS_CPUTIME_ID)
let record = RunRecord(
    run: "bench",
    playbook: "bench",
    recording: nil,
    exitCode: 0,
    startedSeconds: 0,
    durationMicroseconds: 1
)
output.report(record)
_ = await output.finish { output.tellSummary(of: record, folder: nil) }
let end = seconds(CLOCK_PROCESS_CPUTIME_ID)
let (fold, run) = (folding.value + end - beforeEnd, end - began - farSide.seconds)
func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
print("\(targets) targets of 20 KB over a simulated far side: processor time of psrun without the far side:")
print("  the run \(rounded(run)) s, of which folding and summary \(rounded(fold)) s: \(rounded(fold / run * 100)) %")
