package import CLIXML

/// What a client asks of a server's session.
package enum ServerEvent: Sendable, Hashable {
    /// A client opened its pool: what INIT_RUNSPACEPOOL said of its host (nil where it has none) and its version.
    case opened(HostDescription?, PSVersionNumber)
    case createPipeline(PipelineID, PipelineRequest)
    case commandMetadata(PipelineID, CommandMetadataRequest)
    case input(PipelineID, PSValue)
    case endOfInput(PipelineID)
    case signal(PipelineID)
    case hostReply(pipeline: PipelineID?, callID: Int64, HostReply)
    /// The client closed a pipeline; one that still runs is to be stopped.
    case closePipeline(PipelineID)
    /// The client closed the pool.
    case closePool
    /// The only runspace is to be as it was at the beginning; nothing runs in it.
    case resetRunspace
}
