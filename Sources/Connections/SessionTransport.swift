package import PSRP

/// How the process at a connection's far end ended.
package enum ExitStatus: Sendable, Hashable {
    case code(Int32)
    case signal(String)
    /// The connection ended and nothing said how the process did.
    case unknown
}

/// What came over a session's connection.
package enum SessionInput: Sendable, Hashable {
    /// What the carriage heard, in order. None is a sign of life all the same: of a message that is not whole yet.
    case events([CarriageEvent])
    /// Bytes of the far process's standard error.
    case diagnostics([UInt8])
    /// Nothing more will come. It is told again to whoever asks again.
    case end(ExitStatus)
}

/// A session's way to its far side and back, whatever carries it.
///
/// One task receives, any task sends.
package protocol SessionConnection: Sendable {
    /// Waits for what comes next.
    /// - Throws: TransportError where the connection broke; CancellationError where the task was cancelled.
    func receive() async throws -> SessionInput
    /// Sends these requests, after all that were sent before; waits while the far side takes no more.
    func send(_ requests: [CarriageRequest]) async throws
}

/// A way to reach one target's PSRP endpoint.
package protocol SessionTransport: Sendable {
    /// What a session must know of its carriage before it connects.
    var carriage: CarriageTraits { get }

    /// The phase that lasts until the far side's first word, where a connection that stands proves nothing yet; nil where
    /// it proves that the far side is there.
    var firstWord: ConnectionPhase? { get }

    /// Runs `body`, which connects, once it is the target's turn: a server takes so many logins at a time and no more. No
    /// clock of the target has begun by then.
    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result

    /// Connects, hands the connection to `body`, and takes it down again, process and descriptors included, however
    /// `body` ends.
    ///
    /// - Parameters:
    ///   - limits: bounds on what is taken from the far side.
    ///   - timeline: told of each phase as it begins and ends.
    ///   - deadline: when every phase up to the start of the endpoint must have ended; nil for no bound.
    /// - Throws: TransportError, whose phase is the one that failed or ran out of time; what `body` throws.
    func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result
}

extension SessionTransport {
    package var firstWord: ConnectionPhase? { nil }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result { await body() }
}
