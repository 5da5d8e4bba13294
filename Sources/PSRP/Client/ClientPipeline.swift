import CLIXML

/// A pipeline of a client's, from `create` to its final state.
struct ClientPipeline: Sendable {
    enum Stop: Sendable {
        case notAsked
        case wanted
        case signalled
    }

    let id: PipelineID
    /// Several statements need protocol 2.2.
    let hasSeveralStatements: Bool
    var hasStarted = false
    var stop = Stop.notAsked
    var channel = OutgoingChannel()
    var reassembler: FragmentReassembler
}

/// A Command that was sent, until its Close is.
struct SentCommand: Sendable {
    let id: PipelineID
    var isAcknowledged = false
    /// Whether its pipeline has ended, or was never made: its Close is due.
    var isRetired = false
}
