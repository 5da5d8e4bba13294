/// The phases of a connection, in order, each of them timed and bounded by ConnectingTimeout.
///
/// The raw values are the names that `--format json` and a recording use. A local session has `subsystem` (the start of
/// its process) and `psrpOpen` alone.
package enum ConnectionPhase: String, Sendable, Hashable, CaseIterable, Comparable {
    case resolve
    case tcp
    case banner
    case kex
    case hostKey = "host_key"
    case auth
    case channel
    case subsystem
    case psrpOpen = "psrp_open"

    package static func < (left: ConnectionPhase, right: ConnectionPhase) -> Bool {
        left.position < right.position
    }

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
