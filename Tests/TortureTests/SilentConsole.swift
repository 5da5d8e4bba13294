import Fleet
import Playbooks
import Sessions
import Synchronization
import Threads

/// Keeps the targets' results, and shows nothing.
final class SilentConsole: RunConsole {
    let columns = 120
    let results = Mutex<[TargetResult]>([])
    let complaints = Mutex<[String]>([])

    func screen(of target: RunTarget, at index: Int) -> any TargetScreen { SilentScreen(console: self) }
    func complain(_ message: String) { complaints.withLock { $0.append(message) } }
    func remark(_ message: String) {}
    func sessionsHaveEnded() async -> Int32? { nil }
    func exitCode(of verdict: RunVerdict) -> Int32 { 0 }
}

private struct SilentScreen: TargetScreen {
    let console: SilentConsole
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
    func finish(_ result: TargetResult) { console.results.withLock { $0.append(result) } }
    func waitForRoom(_ patience: Patience) async {}
}
