package import Sessions

/// What a run came to, for whoever says how it ends. It keeps counts and no results: a run may have very many targets.
package struct RunVerdict: Sendable {
    /// Targets by how they ended.
    package private(set) var counts: [TargetOutcome: Int] = [:]
    /// Whether a session that ended well asked for an exit code other than 0.
    package private(set) var hasNonZeroExit = false
    /// What the session asked for, where the run had one target.
    package var sessionExitCode: Int32? { targets == 1 ? lastExitCode : nil }
    /// The signal that ended the run.
    package var signal: Int32?
    /// The recording could not be kept, and the run was ended for it.
    package var isRecordingLost = false
    /// The recording could not be kept, and the run went on.
    package var isRecordingIncomplete = false
    /// The run's folder; nil where nothing was recorded.
    package var folder: String?
    /// How long it took.
    package var duration = Duration.zero

    private var targets = 0
    private var lastExitCode: Int32?

    package init() {}

    /// Counts a target that has ended.
    package mutating func note(_ result: TargetResult) {
        targets += 1
        counts[result.outcome, default: 0] += 1
        lastExitCode = result.exitCode
        if result.outcome == .ok, !result.isWell { hasNonZeroExit = true }
    }
}
