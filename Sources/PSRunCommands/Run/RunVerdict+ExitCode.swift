package import Fleet
import PSRunCommandLine
import Sessions

extension RunVerdict {
    /// How the run ends, as the shell sees it.
    /// - Parameter fromSession: `--exit-from-session`: the one session's own exit code counts where all else is well; a 0 does
    ///   not make a step well that was not.
    package func exitNumber(fromSession: Bool = false) -> Int32 {
        let code = ExitCode.combined(codes)
        guard fromSession, code == .notAllWell || code == .allWell, let asked = sessionExitCode, asked != 0 else {
            return code.number
        }
        return (0...255).contains(asked) ? asked : 1
    }

    private var codes: [ExitCode] {
        var codes = counts.keys.map(Self.code)
        if hasNonZeroExit { codes.append(.notAllWell) }
        if let signal { codes.append(.signal(signal)) }
        if isRecordingLost { codes.append(.recordingLost) }
        if isRecordingIncomplete { codes.append(.recordingNotWhole) }
        return codes
    }

    private static func code(of outcome: TargetOutcome) -> ExitCode {
        switch outcome {
        case .unreachable: .unreachable
        case .timedOut: .timedOut
        case .error, .failed, .broken, .notRun: .notAllWell
        case .ok: .allWell
        }
    }
}
