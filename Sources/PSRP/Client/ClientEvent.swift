package import CLIXML

/// A record stream of a pipeline, other than its output and its errors.
package enum RecordStream: Sendable, Hashable {
    case debug, verbose, warning, progress, information
}

/// What happened in a client's session.
package enum ClientEvent: Sendable, Hashable {
    /// A line before the far side's first word that is not PSRP: a welcome text. Reported, then left alone.
    case noise(String)
    /// What a program there wrote past the session, into the stream that carries it. Reported, then left alone.
    case foreign(String)
    /// APPLICATION_PRIVATE_DATA: the far side's PSVersionTable among it.
    case privateData(PSValue)
    /// The pool is open; the protocol version that both sides speak.
    case opened(PSVersionNumber)
    case output(PipelineID, PSValue)
    case error(PipelineID, ErrorRecord)
    case record(PipelineID, RecordStream, PSValue)
    case hostCall(HostCall)
    /// A pipeline ended; an error where it failed or was stopped.
    case ended(PipelineID, PipelineState, ErrorRecord?)
    /// The answer to `askAvailability`: PowerShell itself lives.
    case availability
    /// A user event, or a message that has no meaning here: for the recording.
    case other(MessageType, PSValue)
    /// The pool closed in order, after `close`.
    case closed
}
