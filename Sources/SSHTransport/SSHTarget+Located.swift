extension SSHTarget {
    /// The same host at an address that was found out otherwise: its name stays what ssh_config and known_hosts know it by.
    /// - Parameter shared: what all targets of the run have.
    package func located(at address: String, sharing shared: SSHOptions) -> SSHTarget {
        var target = self
        var own = own ?? SSHHostOptions(shared)
        if isPlainlyNamed {
            own.options = ["HostName=\(address)", "HostKeyAlias=\(host)"] + own.options
        } else {
            target.host = address
        }
        target.own = own
        return target
    }

    /// The same of a virtual machine, by its context id (vsock(7)): no jump host and no proxy leads there.
    package func located(onVsock number: UInt32, sharing shared: SSHOptions) -> SSHTarget {
        var target = self
        var own = own ?? SSHHostOptions(shared)
        if isPlainlyNamed {
            own.options = ["HostKeyAlias=\(host)"] + own.options
        } else {
            target.host = "vsock-\(number)"
        }
        target.own = own
        target.contextID = number
        return target
    }

    /// A name that ssh_config cannot hold is known by its address.
    private var isPlainlyNamed: Bool {
        host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
            && SSHTarget.isSafe(host: host)
    }
}
