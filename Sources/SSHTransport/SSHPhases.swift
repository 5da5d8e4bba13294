package import Connections

/// The phases of an SSH connection before its subsystem starts, in their order.
extension ConnectionPhase {
    package static let resolve = ConnectionPhase("resolve", position: 0, activity: "its name was being resolved")
    package static let tcp = ConnectionPhase(
        "tcp",
        position: 10,
        activity: "the TCP connection was being made: the host does not answer, or something between drops packets"
    )
    /// The wait for the server's identification line (RFC 4253, 4.2).
    package static let banner = ConnectionPhase(
        "banner",
        position: 20,
        activity: "the server's SSH identification was awaited: the port is open, but no SSH server speaks there"
    )
    package static let kex = ConnectionPhase("kex", position: 30, activity: "keys were being exchanged")
    package static let hostKey = ConnectionPhase("host_key", position: 40, activity: "the host key was being checked")
    package static let auth = ConnectionPhase("auth", position: 50, activity: "the server was checking who you are")
    package static let channel = ConnectionPhase("channel", position: 60, activity: "a channel was being opened")

    /// All phases of a connection over SSH.
    package static let ofSSH: [ConnectionPhase] = [resolve, tcp, banner, kex, hostKey, auth, channel, subsystem]
}
