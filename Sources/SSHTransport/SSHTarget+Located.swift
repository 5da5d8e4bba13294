extension SSHTarget {
    /// The same host at an address that was found out otherwise: its name stays what ssh_config and known_hosts know it by.
    /// - Parameter shared: what all targets of the run have.
    package func located(at address: String, sharing shared: SSHOptions) -> SSHTarget {
        var target = self
        var own = own ?? SSHHostOptions(shared)
        // A name that ssh_config cannot hold is known by its address.
        let isPlain = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        if isPlain, SSHTarget.isSafe(host: host) {
            own.options = ["HostName=\(address)", "HostKeyAlias=\(host)"] + own.options
        } else {
            target.host = address
        }
        target.own = own
        return target
    }
}
