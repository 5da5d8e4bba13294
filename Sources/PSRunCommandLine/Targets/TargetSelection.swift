/// Where a run's sessions are entered: one case for each way in, with what goes with that way alone.
package enum TargetSelection: Sendable, Hashable {
    /// One session on this computer.
    case local
    /// Hosts with an SSH server: at least one source, and what they share.
    case ssh(HostSelection, SSHChoices)
}
