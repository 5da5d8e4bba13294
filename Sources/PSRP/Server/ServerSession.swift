package import CLIXML

/// A server's side of a session, whatever carries it: requests in by `receive`, what the client asks out by `nextEvent`,
/// and what the carriage is to tell the client by `eventsToSend`.
///
/// Acks of Data and Command go by themselves. A Signal or a Close of a pipeline that runs is acked when `sendState` says
/// that it ended; others at once. Names of pipelines that do not exist are acked and change nothing, as a real server has
/// it (server/unknown-pipeline). A pipeline that is created before the pool is open starts when it is.
package struct ServerSession: Sendable {
    enum Phase: Sendable {
        /// SESSION_CAPABILITY is due.
        case idle
        /// INIT_RUNSPACEPOOL is due.
        case negotiated
        /// `.opened` was said; `openPool` is due.
        case opening
        case open
        /// The pool broke: the client is to close it.
        case broken
        /// `.closePool` was said; `finishClose` is due.
        case closing
        case closed
        case failed(PSRPError)
    }

    let configuration: ServerConfiguration
    let cryptography: (any SessionKeyCryptography)?

    var phase = Phase.idle
    var fragmenter = MessageFragmenter(to: .client, runspacePoolID: .zero)
    var poolStreams: IncomingStreams
    var pipelines: [PipelineID: ServerPipeline] = [:]
    /// In the order of their Commands.
    var pipelineOrder: [PipelineID] = []
    var sessionCipher: SessionCipher?
    var lastPoolHostCall: Int64 = 0
    var events: [ServerEvent] = []
    var firstEvent = 0
    var output = OutgoingEvents()
    var minRunspaces: Int32 = 1

    /// Whether the pool is one that a broker of psrun's keeps open for visitors.
    package internal(set) var isKept = false

    /// Runspaces that the client wants at most, at least 1: so many pipelines may run side by side.
    package internal(set) var maxRunspaces: Int32 = 1

    /// The version that both sides speak, once the client has told its own.
    package internal(set) var protocolVersion: PSVersionNumber?

    /// - Parameter cryptography: for secure strings at protocol 2.3 and older; without it a client's request for a session
    ///   key is an error.
    package init(configuration: ServerConfiguration, cryptography: (any SessionKeyCryptography)? = nil) {
        self.configuration = configuration
        self.cryptography = cryptography
        poolStreams = IncomingStreams(limits: configuration.limits)
    }

    package mutating func nextEvent() -> ServerEvent? {
        guard firstEvent < events.count else {
            events.removeAll(keepingCapacity: true)
            firstEvent = 0
            return nil
        }
        defer { firstEvent += 1 }
        return events[firstEvent]
    }

    /// What the client is to hear, in order; empty when there is nothing.
    /// - Parameter limit: about how many bytes of them in out-of-process framing are enough for now. What is left waits,
    ///   and a pipeline's output that waits is dropped when the client stops it.
    package mutating func eventsToSend(limit: Int = .max) -> [CarriageEvent] {
        output.take(limit: limit)
    }

    /// About the bytes of what `eventsToSend` would return.
    package var pendingByteCount: Int { output.byteCount }

    /// Whether the pool was closed and the last ack is written: what comes now is not an error.
    package var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }
}
