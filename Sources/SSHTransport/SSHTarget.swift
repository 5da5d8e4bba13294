/// One target to be reached over SSH, as the command line or an inventory names it.
package struct SSHTarget: Sendable, Hashable {
    /// How messages name it: what the user wrote.
    package var displayName: String
    /// A name or an address, without brackets; an IPv6 zone stays (`fe80::1%eth0`).
    package var host: String
    /// Nil: ssh_config's, else 22.
    package var port: UInt16?
    /// Nil: ssh_config's, else this process's user.
    package var user: String?
    /// The private key of this target alone, as `SSHOptions.keyFile`, which it goes before.
    package var keyFile: String?
    /// What it has in place of what all targets share; nil for nothing.
    package var own: SSHHostOptions?
    /// A virtual machine of this computer's that is connected to through the kernel, in place of any network; else nil.
    package var contextID: UInt32?

    package init(
        displayName: String? = nil,
        host: String,
        port: UInt16? = nil,
        user: String? = nil,
        keyFile: String? = nil
    ) {
        self.displayName = displayName ?? host
        self.host = host
        self.port = port
        self.user = user
        self.keyFile = keyFile
    }
}

extension SSHTarget {
    /// Whether a user's name may stand in a command that a shell reads (OpenSSH 9.6, valid_ruser in ssh.c: no quotes, no
    /// shell's signs, no dash at the beginning). `DOMAIN\\user` and `svc$` may.
    package static func isSafe(user: String) -> Bool {
        !user.hasPrefix("-") && !user.hasSuffix("\\")
            && !user.unicodeScalars.contains { scalar in
                scalar.properties.generalCategory == .control || scalar == " "
                    || "'`\";&<>|(){}".unicodeScalars.contains(scalar)
            }
    }

    /// The same of a host's name (OpenSSH 9.6, valid_hostname).
    static func isSafe(host: String) -> Bool {
        isSafe(user: host) && !host.contains("$") && !host.contains("\\") && !host.isEmpty
    }
}
