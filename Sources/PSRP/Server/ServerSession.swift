package import CLIXML

/// What a server's session is made of.
package struct ServerConfiguration: Sendable {
    /// The newest version to speak; a client's older one is echoed.
    package var protocolVersion: PSVersionNumber
    package var limits: SessionLimits

    package init(
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = SessionLimits()
    ) {
        self.protocolVersion = protocolVersion
        self.limits = limits
    }
}

/// A server's side of a session over out-of-process framing.
///
/// Acks of Data and Command go by themselves. A Signal or a Close of a pipeline that runs is acked when `sendState` says
/// that it ended; others at once. Names of pipelines that do not exist are acked and change nothing, as a real server has
/// it (server/unknown-pipeline).
package struct ServerSession: Sendable {
    package init(configuration: ServerConfiguration, cryptography: (any SessionKeyCryptography)? = nil) {
        fatalError("replaced by the state machine")
    }

    /// Takes bytes of the client's, cut anywhere.
    /// - Throws: what a real server exits for, with a message for the `__NamedPipeError__:` line.
    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) {}

    package mutating func nextEvent() -> ServerEvent? { nil }

    /// Whole lines; empty when there is nothing.
    package mutating func bytesToSend() -> [UInt8] { [] }

    /// Bytes that `bytesToSend` would return.
    package var pendingByteCount: Int { 0 }

    /// Opens the pool after `.opened`: private data, then state 2.
    /// - Parameter privateData: the entries of ApplicationPrivateData, `PSVersionTable` among them.
    package mutating func openPool(privateData: [(String, PSValue)]) {}

    /// Says that the pool cannot be, or can no longer be: state 5.
    package mutating func breakPool(_ error: ErrorRecord) {}

    package mutating func sendOutput(_ value: PSValue, of pipeline: PipelineID) {}
    package mutating func sendError(_ record: ErrorRecord, of pipeline: PipelineID) {}
    package mutating func sendRecord(_ stream: RecordStream, _ value: PSValue, of pipeline: PipelineID) {}

    /// Calls a method of the client's host.
    /// - Parameter pipeline: nil for a call of the pool's own.
    /// - Returns: the call's number; `HostCall.voidCallID` where no reply will come.
    @discardableResult
    package mutating func callHost(
        _ method: HostMethod,
        _ parameters: [PSValue],
        pipeline: PipelineID?
    ) -> Int64 { 0 }

    /// Says that a pipeline ended (stopped, completed or failed); nothing for one that has ended already.
    package mutating func sendState(_ state: PipelineState, _ error: ErrorRecord? = nil, of pipeline: PipelineID) {}

    /// Answers `.closePool` when all is torn down: states 4 and 3, and the last ack.
    package mutating func finishClose() {}

    /// Whether the pool was closed and the last ack is written: what comes now is no error.
    package var isClosed: Bool { false }
}
