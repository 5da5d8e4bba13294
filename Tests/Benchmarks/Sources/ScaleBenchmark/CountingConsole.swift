import Fleet
import Playbooks
import Sessions
import Synchronization
import Threads

/// Counts the targets that ended well, and shows nothing.
final class CountingConsole: RunConsole {
    let columns = 120
    private let wellEnded = Atomic(0)

    var ended: Int { wellEnded.load(ordering: .relaxed) }

    func screen(of target: RunTarget, at index: Int) -> any TargetScreen { CountingScreen(console: self) }
    func complain(_ message: String) {}
    func remark(_ message: String) {}
    func sessionsHaveEnded() async -> Int32? { nil }
    func exitCode(of verdict: RunVerdict) -> Int32 { 0 }

    fileprivate func count(_ result: TargetResult, wellSteps: Int) {
        if result.outcome == .ok && wellSteps == 3 { wellEnded.add(1, ordering: .relaxed) }
    }
}

private final class CountingScreen: TargetScreen {
    let heading = ""
    private let console: CountingConsole
    private let wellSteps = Atomic(0)

    init(console: CountingConsole) {
        self.console = console
    }

    func show(_ event: SessionEvent) {}
    func keep(_ text: String) {}
    func tell(diagnostics text: String) {}
    func tell(banner text: String) {}
    func tell(noise line: String) {}
    func tell(step result: StepResult) { if result.outcome == .ok { wellSteps.add(1, ordering: .relaxed) } }
    func tell(foreign text: String) {}
    func tell(_ cutter: BlockCutter, _ blocks: [PlaybookBlock]) {}
    func tell(remark text: String) {}
    func tell(trace line: String, at moment: RunMoment) {}
    func opened(at moment: RunMoment) {}
    func finish(_ result: TargetResult) {
        console.count(result, wellSteps: wellSteps.load(ordering: .relaxed))
    }
    func waitForRoom(_ patience: Patience) async {}
}
