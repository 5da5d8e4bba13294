/// The last phases on the way to a session that answers, behind those of its connection.
package enum SessionPhase {
    /// The opening of the runspace pool, as the machine-readable result names it.
    package static let opening = "psrp_open"
    /// From the open pool to the answer to what is asked there first: a failure's alone, without a duration.
    package static let prompt = "prompt"
}
