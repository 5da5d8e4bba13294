/// A way in on which command lines are run, each a process of its own.
package protocol CommandTransport: Sendable {
    /// As `SessionTransport` has it.
    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result

    /// Connects, hands the connection to `body`, and takes it down again, however `body` ends. What was started on it sees
    /// its standard input end then.
    ///
    /// - Parameter deadline: when `CommandConnection.isReady` must have been called; nil for no bound.
    /// - Throws: TransportError; what `body` throws.
    func withCommands<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any CommandConnection) async throws -> Result
    ) async throws -> Result
}

/// Where command lines are run.
package protocol CommandConnection: Sendable {
    /// Starts a command line, which the user's login shell reads there. Its standard streams come apart, and it has no
    /// terminal. Its end is told once it has ended, also where what it left holds its streams.
    /// - Throws: TransportError: `commandRefused` where the far side starts no such process, or not one more.
    func start(_ line: String) async throws -> any TransportConnection

    /// All is started: the deadline bounds nothing any more.
    func isReady() async
}

extension TransportError.Code {
    /// The far side does not start the command that was to speak PSRP, or a shell, or not one more.
    package static let commandRefused = Self(rawValue: "CommandRefused")
}
