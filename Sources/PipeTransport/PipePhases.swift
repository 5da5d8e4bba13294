package import Connections

extension ConnectionPhase {
    /// From the look for the pipe to the first word of the process. One that somebody else is in accepts a second client,
    /// and says nothing to it until the first has left.
    package static let pipe = ConnectionPhase(
        "pipe",
        position: 70,
        activity: "waiting for the process to answer on its pipe",
        suspicion: "somebody else may be in it"
    )
}

extension TransportError.Code {
    /// A local process cannot be entered through its pipe.
    package static let pipeUnusable = Self(rawValue: "PipeUnusable")
}
