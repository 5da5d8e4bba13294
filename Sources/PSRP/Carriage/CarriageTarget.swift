package import CLIXML

/// Names a pipeline to both sides: the PID of its messages (MS-PSRP 2.2.1).
///
/// Out-of-process framing has the same name on the wire, as PSGuid. A WSMan server may choose another one, as it may for
/// the pool: a carriage keeps such names to itself.
package typealias PipelineID = PSGuid

/// Whom a request or an event is for.
package enum CarriageTarget: Sendable, Hashable {
    case pool
    case pipeline(PipelineID)
}

/// The two streams to a server. What a server sends has one alone.
package enum CarriageStream: Sendable, Hashable {
    /// Everything but answers to host calls: `Default` in out-of-process framing, `stdin` in WSMan.
    case standard
    /// A client's answers to host calls: `PromptResponse` in out-of-process framing, `pr` in WSMan.
    case promptResponse
}
