import Connections
import EventLoops
import Fleet
import Glibc
import Playbooks
import Sessions
import SimulatedFarSide

/// Runs so many sessions, each on the loop that it is given, and gives the seconds that it took.
func seconds(sessions: Int, atOnce: Int, lines: Int, loops count: Int) async throws -> Double {
    let playbook = try Playbook(bytes: Array(String(repeating: "echo a line of output\n", count: lines).utf8))
    let clock = RunClock()
    let loops = try TargetLoops(clock, targets: count)
    let began = ContinuousClock.now
    let ended = await loops.during {
        await withTaskGroup(of: Bool.self) { tasks in
            var ended = 0
            for index in 0..<sessions {
                if index >= atOnce, await tasks.next() == true { ended += 1 }
                let place = loops.next()
                tasks.addTask(executorPreference: place.loop.taskExecutor) {
                    let plan = TargetPlan(
                        transport: SimulatedTransport(),
                        playbook: playbook,
                        options: SessionOptions(target: "host\(index)", label: "host\(index)", computerName: "host")
                    )
                    let driver = TargetDriver(
                        plan,
                        clock: clock,
                        heartbeat: place.heartbeat,
                        control: RunControl(),
                        observer: SilentObserver()
                    )
                    let result = await driver.run()
                    loops.leave(place)
                    return result.outcome == .ok && result.steps.count == lines
                }
            }
            for await isWhole in tasks where isWhole { ended += 1 }
            return ended
        }
    }
    let took = (ContinuousClock.now - began) / .seconds(1)
    precondition(ended == sessions, "\(ended) of \(sessions) sessions ended well")
    return took
}

let isShort = getenv("SHORT") != nil
let (sessions, lines, atOnce, rounds) = isShort ? (20, 3, 4, 1) : (2_000, 10, 64, 5)
var best: [Int: Double] = [:]
for _ in 0..<rounds {
    for loops in 1...min(2, LoopGroup.processors) {
        let took = try await seconds(sessions: sessions, atOnce: atOnce, lines: lines, loops: loops)
        best[loops] = min(best[loops] ?? .infinity, took)
    }
}
print("\(sessions) sessions of \(lines) lines over a simulated far side, \(atOnce) at once, best of \(rounds):")
for (loops, took) in best.sorted(by: { $0.key < $1.key }) {
    print("  \(loops) loop\(loops == 1 ? "" : "s"): \(Int(Double(sessions) / took)) sessions per second")
}
if let one = best[1], let two = best[2] {
    print("  two loops do \((one / two * 100).rounded() / 100) times the work of one")
}
