extension Draft {
    /// The run, with its playbook and targets, once options that depend on each other agree.
    func run(_ playbook: String) throws(UsageError) -> RunInvocation {
        if run.exitFromSession, hosts.count > 1 {
            throw UsageError(.invalidArgument, "--exit-from-session takes one target, and \(hosts.count) are given.")
        }
        if run.credentials.passwordFile != nil, run.credentials.passwordCommand != nil {
            throw UsageError(
                .invalidArgument,
                "--password-file and --password-command both give the password; give one."
            )
        }
        if hosts.count(where: { $0 == .standardInput }) > 1 {
            throw UsageError(.givenTwice, "Standard input can be read once; give --host - once.")
        }
        var invocation = run
        invocation.playbook = playbook
        if !hosts.isEmpty { invocation.targets = .ssh(hosts, ssh) }
        return invocation
    }
}
