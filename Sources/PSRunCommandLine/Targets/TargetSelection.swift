/// Where a run's sessions are entered: one case for each way in, with what goes with that way alone.
package enum TargetSelection: Sendable, Hashable {
    /// One session on this computer.
    case local
    /// A PowerShell that runs on this computer already, entered through its pipe.
    case process(ProcessChoice)
    /// A session that is kept open.
    case kept(KeptSessionOption)
    /// Containers on this computer: at least one.
    case containers(ContainerChoices)
    /// Hosts with an SSH server: at least one source, and what they share.
    case ssh(HostSelection, SSHChoices)
}

/// Which running PowerShell is entered.
package enum ProcessChoice: Sendable, Hashable {
    case id(Int32)
    /// A pipe's name, as -CustomPipeName of pwsh takes it, or its path.
    case pipe(String)
}

/// Which kept session is entered or closed.
package enum KeptSessionOption: Sendable, Hashable {
    case name(String)
    case id(Int)
    /// 8-4-4-4-12 hexadecimal digits, lower case.
    case instanceID(String)
    /// The instance id, the id or the name.
    case any(String)
}
