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
