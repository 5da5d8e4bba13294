extension RunInvocation {
    /// The invocation with its playbook, once options that depend on each other agree.
    func complete(playbook: String) throws(UsageError) -> RunInvocation {
        if exitFromSession, hosts.count > 1 {
            throw UsageError(.invalidArgument, "--exit-from-session takes one target, and \(hosts.count) are given.")
        }
        if credentials.passwordFile != nil, credentials.passwordCommand != nil {
            throw UsageError(
                .invalidArgument,
                "--password-file and --password-command both give the password; give one."
            )
        }
        if hosts.count(where: { $0 == .standardInput }) > 1 {
            throw UsageError(.givenTwice, "Standard input can be read once; give --host - once.")
        }
        var invocation = self
        invocation.playbook = playbook
        return invocation
    }
}
