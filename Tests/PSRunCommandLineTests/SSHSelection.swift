import PSRunCommandLine

extension RunInvocation {
    /// The SSH targets and what they share; nil where the targets are not reached by SSH.
    var ssh: (hosts: [HostSource], choices: SSHChoices)? {
        switch targets {
        case .local, .process, .kept, .containers: nil
        case .ssh(let hosts, let choices): (hosts.sources, choices)
        }
    }
}
