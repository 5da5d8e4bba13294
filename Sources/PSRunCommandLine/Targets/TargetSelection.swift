/// Where a run's sessions are entered: one case for each way in, with what goes with that way alone.
package enum TargetSelection: Sendable, Hashable {
    /// One session on this computer.
    case local
    /// A PowerShell that runs on this computer already, entered through its pipe.
    case process(ProcessChoice)
    /// Hosts with an SSH server: at least one source, and what they share.
    case ssh(HostSelection, SSHChoices)
}

/// Which running PowerShell is entered.
package enum ProcessChoice: Sendable, Hashable {
    case id(Int32)
    /// A pipe's name, as -CustomPipeName of pwsh takes it, or its path.
    case pipe(String)
}
