package import CLIXML

/// A client's side of a session over out-of-process framing, the order rules included (psrp-brief section 4).
///
/// Bytes in by `receive`, events out by `nextEvent`, bytes out by `bytesToSend`: drain the events, say what they ask
/// for, then send what may fly in one write.
package struct ClientSession: Sendable {
    /// - Parameter cryptography: for secure strings at protocol 2.3 and older; without it they cannot be sent or read.
    package init(
        configuration: ClientConfiguration,
        identifiers: any IdentifierSource,
        cryptography: (any SessionKeyCryptography)?
    ) {
        fatalError("replaced by the state machine")
    }

    /// Queues what opens the pool, and announces the first pipeline with it.
    package mutating func open() {}

    /// Takes bytes of the far side's output, cut anywhere. What came before the fault is still there as events.
    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) {}

    /// The far side's output ended.
    /// - Throws: `.ended` unless the pool was closed in order.
    package mutating func receiveEnd() throws(PSRPError) {}

    package mutating func nextEvent() -> ClientEvent? { nil }

    /// Whole lines, all that may fly now; empty when there is nothing.
    package mutating func bytesToSend() -> [UInt8] { [] }

    /// Queues a pipeline. It starts when those before it have ended; each ends with one `.ended` event.
    package mutating func create(_ request: PipelineRequest) -> PipelineID { .zero }

    /// Queues a question for commands' metadata; the answers are `.output` events.
    package mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID { .zero }

    /// Queues a pipeline's input; nothing for one that has ended.
    /// - Throws: `.sessionKey` where it holds a secure string that cannot be sent.
    package mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError) {}

    /// Queues the end of a pipeline's input.
    package mutating func endInput(of pipeline: PipelineID) {}

    /// Stops a pipeline by Signal; one that has not been sent yet ends at once, as stopped, without an error.
    package mutating func stop(_ pipeline: PipelineID) {}

    /// Answers a host call; nothing for a pipeline that has ended. A `.secureString` holds UTF-16LE in the clear, and is
    /// encrypted on its way where the version wants it.
    /// - Throws: `.sessionKey` where it holds a secure string that cannot be sent.
    package mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError) {}

    /// Asks for the number of free runspaces: a keepalive. One question at a time is on its way.
    package mutating func askAvailability() {}

    /// Closes each pipeline that was announced, and then the pool; `.closed` follows. A pipeline that still runs is
    /// stopped without an `.ended` event.
    package mutating func close() {}

    /// Whether the pool is open, and `close` has not been called.
    package var isOpen: Bool { false }

    /// The version that both sides speak, once the far side has answered.
    package var protocolVersion: PSVersionNumber? { nil }

    /// The text of a secure string that was received.
    /// - Parameter bytes: what stands in the `.secureString`.
    /// - Returns: nil while the session key, which was asked for when it arrived, is not there
    ///   (`.other(.encryptedSessionKey, .null)` says that it is).
    /// - Throws: `.sessionKey` where it cannot be read.
    package func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString? { nil }
}
