extension HostName {
    /// How a session on this host is named before its prompt: `user@host`, or `host` alone.
    ///
    /// The user is shown only when one was specified and differs, by case too, from the account that psrun runs under.
    /// Source: console/prompt-names.
    package func sessionLabel(userName: String?, localAccount: String) -> String {
        guard let user = user ?? userName, user != localAccount else { return host }
        return "\(user)@\(host)"
    }
}
