import ConsoleText
import PSRP
import Playbooks
package import RecordingFormat
package import Sessions

extension StepRecord {
    /// - Parameter output: how much of the console's text comes along.
    package init(_ result: StepResult, output: RecordedOutput) {
        self.init(
            firstLine: result.firstLine,
            lastLine: result.lastLine,
            text: result.text,
            outcome: RecordedOutcome(result.outcome),
            succeeded: result.succeeded,
            wasAlreadyFalse: result.wasAlreadyFalse,
            lastExitCode: result.lastExitCode,
            exitCode: result.exitCode,
            failure: result.failure.map { RecordedFailure(code: $0.code, message: $0.message) },
            earlierRun: result.earlierRun,
            startedMicroseconds: result.startedMicroseconds,
            durationMicroseconds: result.durationMicroseconds,
            output: output.text(of: result)
        )
    }
}

extension TargetRecord {
    /// - Parameter output: how much of the steps comes along.
    package init(_ result: TargetResult, output: RecordedOutput) {
        self.init(
            target: result.target,
            outcome: RecordedOutcome(result.outcome),
            exitCode: result.exitCode,
            linesNotSent: result.linesNotSent,
            phase: result.phase,
            durationMicroseconds: result.durationMicroseconds,
            phases: PhaseNames.of(result.phasesMicroseconds).map { ($0, result.phasesMicroseconds[$0]) },
            failure: result.failure.map { RecordedFailure(code: $0.code, message: $0.message) },
            blocks: result.cutter?.name,
            steps: output == .none ? nil : result.steps.map { StepRecord($0, output: output) }
        )
    }
}

/// How much of a session's output goes into its records.
package enum RecordedOutput: Sendable, Hashable {
    /// None, and no steps: a recording has events for both.
    case none
    /// Text without colours.
    case plain
    /// Text with SGR sequences.
    case colored

    fileprivate func text(of result: StepResult) -> String? {
        switch self {
        case .none: nil
        case .plain: TerminalText.withoutColors(result.output)
        case .colored: result.output
        }
    }
}

extension RecordedOutcome {
    package init(_ outcome: StepOutcome) {
        switch outcome {
        case .ok: self = .ok
        case .error: self = .error
        case .failed: self = .failed
        case .stopped: self = .stopped
        case .unknown: self = .unknown
        case .notSent: self = .notSent
        }
    }

    package init(_ outcome: TargetOutcome) {
        switch outcome {
        case .ok: self = .ok
        case .error: self = .error
        case .failed: self = .failed
        case .unreachable: self = .unreachable
        case .timedOut: self = .timedOut
        case .broken: self = .broken
        case .notRun: self = .notRun
        }
    }
}
