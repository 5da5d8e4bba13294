package import Fleet
package import PSRunCommandLine
package import Playbooks
package import RecordingFormat

/// What a run that is taken up again has from its recording.
package struct RecordedSource: Sendable {
    package let playbook: Playbook
    package let playbookBytes: [UInt8]
    /// The file that it was read from once; nil where that was none.
    package let playbookPath: String?
    package let targets: [RunTarget]
    /// What the kinds of targets have; the first one's number is 1.
    package let kinds: [HostChoices]
    /// Where each target begins; nil for a run from the beginning.
    package let continued: ContinuedRun?

    package init(
        playbook: Playbook,
        playbookBytes: [UInt8],
        playbookPath: String?,
        targets: [RunTarget],
        kinds: [HostChoices],
        continued: ContinuedRun?
    ) {
        self.playbook = playbook
        self.playbookPath = playbookPath
        self.playbookBytes = playbookBytes
        self.targets = targets
        self.kinds = kinds
        self.continued = continued
    }
}
