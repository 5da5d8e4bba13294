/// Why a step is not ok, in the words that every report has for it.
extension StepRecord {
    /// Why it was stopped, or is unknown. nil where what it wrote tells, and in recordings of psrun 0.1.0: there the session's
    /// own failure does.
    package var failure: RecordedFailure? {
        json[.error].flatMap { $0.members == nil ? nil : RecordedFailure($0) }
    }

    /// Names of failures that are a step's alone: what else cuts a step off ends its session.
    package static let ownFailures: Set = ["SuccessUnknown", "StoppedThere"]

    /// Whether it did not end by itself, so that what it wrote until then does not tell why.
    package var isCutOff: Bool { outcome == .stopped || outcome == .unknown }

    /// `exit code 1`, and what else its numbers tell.
    package var numbers: [String] {
        var words: [String] = []
        if let exitCode, exitCode != 0 {
            words.append("asked for exit code \(exitCode)")
        } else if let lastExitCode, lastExitCode != 0 {
            words.append("exit code \(lastExitCode)")
        }
        if wasAlreadyFalse { words.append(Self.alreadyFalse) }
        return words
    }

    static let alreadyFalse = "$? was already False"

    /// What there is to say of it in words: of one that was cut off what did that, of another what it wrote.
    /// - Parameter shown: the first that it wrote about an error, or at all.
    package func words(shown: String) -> String { isCutOff ? failure?.message ?? "" : shown }

    /// `the step took longer than 2000 ms; line 2 was stopped`, `exit code 1: disk /srv is at 93%`; empty where nothing tells.
    package func reason(shown: String) -> String {
        [numbers.joined(separator: ", "), words(shown: shown)].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
