package import Playbooks

/// How one target's session is run.
package struct SessionOptions: Sendable {
    /// What results and messages call the target: `op@web01:2222`.
    package var target: String
    /// What the prompt calls it: `op@web01`.
    package var label: String
    /// What warnings about prompts call it: `web01`.
    package var computerName: String
    /// What speaks PSRP there.
    package var farEndpoint = FarEndpoint.subsystem
    /// What the playbook is written in; nil goes anywhere.
    package var language: PlaybookLanguage?
    package var blockRule = BlockRule.parser
    /// Whether the session ends once it is known what cuts the playbook, before its first line.
    package var endsBehindCut = false
    /// Lines of one block.
    package var maximumBlockLines = 2000
    /// A path on the far side that is dot-sourced as the first step.
    package var profile: String?
    /// Whether the first step that is not ok ends the target's run.
    package var stopsOnError = false
    package var answers: [AnswerRule] = []
    /// Whether a person answers what no rule does.
    package var asksPerson = false
    /// The console's width, for what a real console wraps by itself.
    package var columns = 120
    /// Whether a line waits until the step before it is recorded (see `PlaybookSession.stepIsRecorded`).
    package var awaitsRecording = false
    /// Whether the opening, and a text of several lines, are recorded before anything is sent behind them (see
    /// `PlaybookSession.openingIsRecorded` and `textIsRecorded`): whenever psrun is killed, its recording tells then which
    /// lines were not sent.
    package var recordsBeforeSending = false
    /// Where the session begins in the playbook.
    package var start = SessionStart()
    package var limits = SessionLimitTimes()
    /// Whether the target's result has its steps, each with its output, beyond their own events.
    package var keepsSteps = true

    package init(target: String, label: String, computerName: String) {
        self.target = target
        self.label = label
        self.computerName = computerName
    }
}

/// The clocks of one target's session.
package struct SessionLimitTimes: Sendable, Hashable {
    /// How long a step may take.
    package var step: Duration?
    /// How long the target may take, connecting included.
    package var target: Duration?
    /// When the run must have ended, on the counted clock.
    package var runBy: Duration?
    /// How long an end may take once it is due: from a Signal to the dropped session, the pool's Close included; and of a
    /// session that ends by itself, each of its last pipeline and its Close.
    package var grace = Duration.seconds(5)
    /// Silence after which the far side is asked whether it lives.
    package var keepalive = Duration.seconds(5)
    /// Silence, in spite of being asked, after which it is dead.
    package var dead = Duration.seconds(30)

    package init() {}

    /// On the counted clock: when all of a target that begins now must have ended; nil for no bound.
    package func end(from now: Duration) -> Duration? {
        [runBy, target.map { now + $0 }].compactMap(\.self).min()
    }
}
