package import Playbooks
package import Sessions
package import Threads

/// Who asked for a run: what is told of it, and who decides what its end is worth.
package protocol RunConsole: Sendable {
    /// The console's width, in cells.
    var columns: Int { get }

    /// Where one target's session is shown.
    func screen(of target: RunTarget, at index: Int) -> any TargetScreen
    /// An error: always told.
    func complain(_ message: String)
    /// Worth knowing.
    func remark(_ message: String)
    /// The sessions are over; returns when the run may go on to its end.
    /// - Returns: the signal that ended the run, where one did.
    func sessionsHaveEnded() async -> Int32?
    /// The exit code that the recording keeps of the run.
    func exitCode(of verdict: RunVerdict) -> Int32
}

/// Where one target's session is shown. Calls come in the order of what they tell, one at a time.
package protocol TargetScreen: Sendable {
    /// The session is being entered.
    /// - Parameter phase: gives the phase of connecting that is under way; nil where the session is open.
    func connects(phase: @escaping @Sendable () -> String?)
    /// What happens, as it happens; nothing in it is redacted.
    func show(_ event: SessionEvent)
    /// What a console would have shown, redacted.
    func keep(_ text: String)
    /// Text of the far side's standard error, redacted.
    func tell(diagnostics text: String)
    /// What the far side says to whoever comes, redacted.
    func tell(banner text: String)
    /// A line that came before PSRP began, redacted.
    func tell(noise line: String)
    /// What a program of the far side wrote past the session.
    func tell(foreign text: String)
    /// What cuts the playbook into blocks.
    /// - Parameter blocks: where they are known before the first step; not redacted.
    func tell(_ cutter: BlockCutter, _ blocks: [PlaybookBlock])
    /// A step has ended, and is recorded.
    /// - Parameter result: not redacted.
    func tell(step result: StepResult)
    /// A word about the session, redacted.
    func tell(remark text: String)
    /// A line of the protocol's trace.
    func tell(trace line: String, at moment: RunMoment)
    /// The runspace pool is open.
    func opened(at moment: RunMoment)
    /// Whether it keeps steps.
    var keepsSteps: Bool { get }
    /// A step has ended, and nothing more belongs to it. It may be large, and comes on any thread.
    /// - Parameter step: redacted.
    func keep(_ step: StepResult)
    /// The session is over.
    /// - Parameter result: redacted.
    func finish(_ result: TargetResult)
    /// What a person who is about to be asked has to see first.
    var heading: String { get }
    /// Returns once little enough waits to be written, or the patience with whoever reads it has ended.
    func waitForRoom(_ patience: Patience) async
}

extension TargetScreen {
    package func connects(phase: @escaping @Sendable () -> String?) {}
    package var keepsSteps: Bool { false }
    package func keep(_ step: StepResult) {}
}

/// A person who can be asked.
package protocol Person: Sendable {
    /// Writes `text` and takes what is answered; one at a time, in the order of coming.
    /// - Parameter isOver: asked several times a second; true ends the question.
    /// - Returns: nil where the question ended without an answer.
    func ask(_ text: String, _ kind: Question.Kind, isOver: @escaping @Sendable () -> Bool) async -> String?
}
