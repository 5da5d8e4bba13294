package import Fleet
internal import Playbooks
package import Sessions
internal import Synchronization
internal import Threads

/// A run's console that shows nothing: whoever drives runs without psrun's command line is told of ends and complaints.
package final class SilentConsole: RunConsole {
    package let columns = 120
    fileprivate let ended: @Sendable (TargetResult, _ wellSteps: Int) -> Void

    /// - Parameter ended: told of each target once, on its event loop: how it ended, and how many of its steps ended well.
    package init(ended: @escaping @Sendable (TargetResult, _ wellSteps: Int) -> Void = { _, _ in }) {
        self.ended = ended
    }

    package func screen(of target: RunTarget, at index: Int) -> any TargetScreen { SilentScreen(console: self) }
    package func complain(_ message: String) { print("complaint: \(message)") }
    package func remark(_ message: String) {}
    package func sessionsHaveEnded() async -> Int32? { nil }
    package func exitCode(of verdict: RunVerdict) -> Int32 { 0 }
}

private final class SilentScreen: TargetScreen {
    let heading = ""
    private let console: SilentConsole
    private let wellSteps = Atomic(0)

    init(console: SilentConsole) {
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
    func finish(_ result: TargetResult) { console.ended(result, wellSteps.load(ordering: .relaxed)) }
    func waitForRoom(_ patience: Patience) async {}
}
