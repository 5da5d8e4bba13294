package import Recording
package import RecordingFormat

/// Where a run is recorded, and how.
package struct RecordingPlan: Sendable {
    /// The recordings folder that was asked for; nil leaves the choice to the environment.
    package var folder: String?
    package var onFailure = RunPlan.RecordFailurePolicy.stop
    /// Seconds since 1970, UTC, before which the recording must not be pruned.
    package var retainUntilSeconds: Int64?
    package var seal = SealOptions()
    /// How the run was asked for, so that it can be run once more; nil where nobody asked by options.
    package var options: RecordedOptions?
    /// By the targets' places: how those are reached whose names do not tell.
    package var places: [Int: RecordedPlace] = [:]
    /// The version of psrun that the manifest names.
    package var psrunVersion: String

    package init(psrunVersion: String) {
        self.psrunVersion = psrunVersion
    }
}
