package import Playbooks

/// How a step ended (product terms; names fixed in the machine-readable result).
package enum StepOutcome: Sendable, Hashable, CaseIterable {
    case ok
    /// An error record or WriteErrorLine came, the probe read `$?` False, or it asked for an exit code other than 0.
    case error
    /// The pipeline failed: a terminating error.
    case failed
    /// The far side says that it was stopped: for a time limit or Ctrl-C, or by somebody there.
    case stopped
    /// The session broke while it was in flight, or nothing answered the stop, so it may have run; or it ended, and the far
    /// side did not tell `$?`.
    case unknown
    case notSent
}

/// One line or block of the playbook, with all that came back.
package struct StepResult: Sendable, Hashable {
    /// The playbook's line numbers, from 1; a block spans several.
    package var firstLine: Int
    package var lastLine: Int
    package var text: String
    package var outcome: StepOutcome
    /// `$?` behind the step, nil where unknown.
    package var succeeded: Bool?
    /// `$LASTEXITCODE` behind the step, nil where unset or unknown.
    package var lastExitCode: Int?
    /// What the step asked the session to end with, `exit N`; nil where it did not, or named none.
    package var exitCode: Int32?
    /// Why it was stopped, or is unknown; nil for any other.
    package var failure: TargetFailure?
    /// Of a step that this session did not send: the run in which it ran (`notSent`) or may have run (`unknown`).
    package var earlierRun: String?
    /// `$?` is all that speaks against the step, and it was False before: nothing tells whether the step failed.
    package var wasAlreadyFalse = false
    /// Microseconds since the run began; nil for a step that was not sent.
    package var startedMicroseconds: Int64?
    package var durationMicroseconds: Int64?
    /// What a console would show, colours and other sequences included; what is above `outputBytes` is left out.
    package var output: String

    /// How many lines of the playbook it has; the profile counts as one.
    package var lineCount: Int { lastLine - firstLine + 1 }

    /// How much of a step's output its result keeps.
    package static let outputBytes = 16 << 20

    package init(firstLine: Int, lastLine: Int, text: String, outcome: StepOutcome = .notSent, output: String = "") {
        self.firstLine = firstLine
        self.lastLine = lastLine
        self.text = text
        self.outcome = outcome
        self.output = output
    }
}

/// How a target's part of a run ended.
package enum TargetOutcome: Sendable, Hashable, CaseIterable {
    case ok, error, failed, unreachable, timedOut, broken, notRun
}

/// A failure as the machine-readable result tells it.
package struct TargetFailure: Sendable, Hashable {
    /// A name that a program can go by: `ConnectingTimeout`, `HostKeyChanged`, `SessionBroken`…
    package var code: String
    /// What was being done, to which target, in which phase, what happened, and the way out.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// All that one target's session came to.
package struct TargetResult: Sendable, Hashable {
    package var target: String
    package var outcome: TargetOutcome
    /// What the session asked for with `exit N`; nil where it did not.
    package var exitCode: Int32?
    /// Lines of the playbook that were not sent.
    package var linesNotSent = 0
    /// Whether no line was sent at all.
    package var hasSentNothing = false
    /// The name of the phase that failed, where one did.
    package var phase: String?
    package var durationMicroseconds: Int64
    /// By the phases' names.
    package var phasesMicroseconds: [String: Int64]
    package var failure: TargetFailure?
    /// What cut the playbook into blocks; nil where the session did not get so far.
    package var cutter: BlockCutter?
    package var steps: [StepResult]

    /// Whether the session lasted, its steps were ok, and it asked for no exit code but 0.
    package var isWell: Bool { outcome == .ok && exitCode ?? 0 == 0 }

    package init(
        target: String,
        outcome: TargetOutcome,
        exitCode: Int32? = nil,
        phase: String? = nil,
        durationMicroseconds: Int64 = 0,
        phasesMicroseconds: [String: Int64] = [:],
        failure: TargetFailure? = nil,
        steps: [StepResult] = []
    ) {
        self.target = target
        self.outcome = outcome
        self.exitCode = exitCode
        self.phase = phase
        self.durationMicroseconds = durationMicroseconds
        self.phasesMicroseconds = phasesMicroseconds
        self.failure = failure
        self.steps = steps
    }
}
