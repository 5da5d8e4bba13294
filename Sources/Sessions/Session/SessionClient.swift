package import CLIXML
package import PSRP

/// The client's side of a session, as a playbook's session drives it.
package protocol SessionClient: Sendable {
    /// How much has been received of messages that are not whole yet: what the next bytes may bring to be decoded.
    var unreadBytes: Int { get }
    mutating func open()
    mutating func receive(_ heard: [CarriageEvent]) throws(PSRPError)
    mutating func receiveEnd() throws(PSRPError)
    mutating func nextEvent() -> ClientEvent?
    mutating func requestsToSend() -> [CarriageRequest]
    mutating func create(_ request: PipelineRequest) -> PipelineID
    mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID
    mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError)
    mutating func endInput(of pipeline: PipelineID)
    /// - Returns: whether the far side was sent anything of it, and so has to answer.
    mutating func stop(_ pipeline: PipelineID) -> Bool
    mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError)
    mutating func askAvailability()
    mutating func close()
    func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString?
}

extension ClientSession: SessionClient {}
