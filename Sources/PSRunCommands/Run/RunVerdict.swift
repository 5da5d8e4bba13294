import PSRunCommandLine
package import Sessions

/// How a run ends, as the shell sees it.
package struct RunVerdict: Sendable {
    package var targets: [TargetResult] = []
    /// The signal that ended the run.
    package var signal: Int32?
    /// The recording could not be kept, and the run was ended for it.
    package var isRecordingLost = false
    /// The recording could not be kept, and the run went on.
    package var isRecordingIncomplete = false
    /// `--exit-from-session`
    package var takesExitFromSession = false

    package init() {}

    /// The exit code's number.
    package var exitNumber: Int32 {
        let code = ExitCode.combined(codes)
        guard takesExitFromSession, targets.count == 1, code == .notAllWell || code == .allWell,
            let asked = targets[0].exitCode
        else { return code.number }
        return (0...255).contains(asked) ? asked : 1
    }

    private var codes: [ExitCode] {
        var codes = targets.map(Self.code)
        if let signal { codes.append(.signal(signal)) }
        if isRecordingLost { codes.append(.recordingLost) }
        if isRecordingIncomplete { codes.append(.recordingNotWhole) }
        return codes
    }

    private static func code(of target: TargetResult) -> ExitCode {
        switch target.outcome {
        case .unreachable: .unreachable
        case .timedOut: .timedOut
        case .error, .failed, .broken, .notRun: .notAllWell
        case .ok: (target.exitCode ?? 0) == 0 ? .allWell : .notAllWell
        }
    }
}
