/// The last phase on the way to an open session, behind those of its connection.
package enum SessionPhase {
    /// The opening of the runspace pool, as the machine-readable result names it.
    package static let opening = "psrp_open"
}
