/// A phase of a connection, timed and bounded by ConnectingTimeout.
///
/// Each way in declares its own phases, in its own module. Those that several have are here, as `subsystem`, the start of
/// what speaks PSRP at the far end. The opening of the runspace pool comes after it and belongs to the session.
package struct ConnectionPhase: Sendable, Hashable, Comparable {
    /// As `--format json` and a recording have it.
    package let name: String
    /// What goes on in it, for the message of a timeout: "exchanging keys".
    package let activity: String
    /// What is wrong where it takes long: "the host does not answer".
    package let suspicion: String?
    /// Where it stands among the phases of its way in.
    private let position: Int

    /// - Parameter position: counted from 0; smaller than the next phase's, and than 80, which is `subsystem`'s, for what
    ///   comes before the far process runs.
    package init(_ name: String, position: Int, activity: String, suspicion: String? = nil) {
        self.name = name
        self.position = position
        self.activity = activity
        self.suspicion = suspicion
    }

    /// A phase is what its name says, whatever may be wrong where it takes long.
    package static func == (left: ConnectionPhase, right: ConnectionPhase) -> Bool { left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    package static func < (left: ConnectionPhase, right: ConnectionPhase) -> Bool {
        left.position < right.position
    }

    package static let subsystem = ConnectionPhase(
        "subsystem",
        position: 80,
        activity: "starting the subsystem"
    )

    /// Those of every way in by the network.
    package static let resolve = ConnectionPhase("resolve", position: 0, activity: "resolving its name")
    package static let tcp = ConnectionPhase(
        "tcp",
        position: 10,
        activity: "making the TCP connection",
        suspicion: "the host does not answer, or something in between drops packets"
    )
    package static let auth = ConnectionPhase("auth", position: 50, activity: "authenticating")
}
