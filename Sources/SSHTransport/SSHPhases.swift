package import Connections

/// The phases of an SSH connection before its subsystem starts, in their order.
extension ConnectionPhase {
    /// In place of `tcp` for a virtual machine of this computer's.
    package static let vsock = ConnectionPhase(
        "vsock",
        position: 10,
        activity: "connecting over vsock",
        suspicion: "the virtual machine does not answer"
    )
    /// The wait for the server's identification line (RFC 4253, 4.2).
    package static let banner = ConnectionPhase(
        "banner",
        position: 20,
        activity: "waiting for the server's SSH identification",
        suspicion: "the port is open, but no SSH server speaks there"
    )
    /// The same behind a ProxyCommand: there is no port.
    static let proxiedBanner = ConnectionPhase(
        banner.name,
        position: 20,
        activity: banner.activity,
        suspicion: "ProxyCommand runs, and brings none"
    )
    package static let kex = ConnectionPhase("kex", position: 30, activity: "exchanging keys")
    package static let hostKey = ConnectionPhase("host_key", position: 40, activity: "checking the host key")
    package static let channel = ConnectionPhase("channel", position: 60, activity: "opening a channel")

    /// All phases of a connection over SSH.
    package static let ofSSH: [ConnectionPhase] = [resolve, tcp, banner, kex, hostKey, auth, channel, subsystem]
}
