package import CLIXML
package import PSRP

/// A client's session over out-of-process framing: bytes in and bytes out, as a connection has them.
@dynamicMemberLookup
package struct OutOfProcessClient {
    package var session: ClientSession
    private var carriage: OutOfProcessClientCarriage

    package init(
        configuration: ClientConfiguration = ClientConfiguration(),
        identifiers: any IdentifierSource,
        cryptography: (any ClientKeyCryptography)? = nil
    ) {
        session = ClientSession(
            configuration: configuration,
            carriage: .outOfProcess,
            identifiers: identifiers,
            cryptography: cryptography
        )
        carriage = OutOfProcessClientCarriage(limits: configuration.limits)
    }

    package subscript<Value>(dynamicMember member: KeyPath<ClientSession, Value>) -> Value { session[keyPath: member] }

    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) {
        try session.receive(carriage.receive(bytes))
    }

    package mutating func receiveEnd() throws(PSRPError) {
        let last = carriage.receiveEnd()
        if !last.isEmpty { try session.receive(last) }
        try session.receiveEnd()
    }

    package mutating func bytesToSend() -> [UInt8] {
        OutOfProcessClientCarriage.bytes(of: session.requestsToSend())
    }

    package mutating func nextEvent() -> ClientEvent? { session.nextEvent() }
    package mutating func open() { session.open() }
    package mutating func close() { session.close() }
    package mutating func create(_ request: PipelineRequest) -> PipelineID { session.create(request) }
    package mutating func stop(_ pipeline: PipelineID) { session.stop(pipeline) }
    package mutating func endInput(of pipeline: PipelineID) { session.endInput(of: pipeline) }
    package mutating func askAvailability() { session.askAvailability() }
    package mutating func askForSessionKey() throws(PSRPError) { try session.askForSessionKey() }

    package mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID {
        session.createMetadataRequest(request)
    }

    package mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError) {
        try session.sendInput(value, to: pipeline)
    }

    package mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError) {
        try session.reply(reply, to: call)
    }

    package func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString? {
        try session.revealSecureString(bytes)
    }
}

/// A server's session over out-of-process framing.
@dynamicMemberLookup
package struct OutOfProcessServer {
    package var session: ServerSession
    private var carriage: OutOfProcessServerCarriage

    package init(
        configuration: ServerConfiguration = ServerConfiguration(),
        cryptography: (any SessionKeyCryptography)? = nil
    ) {
        session = ServerSession(configuration: configuration, cryptography: cryptography)
        carriage = OutOfProcessServerCarriage(limits: configuration.limits)
    }

    package subscript<Value>(dynamicMember member: KeyPath<ServerSession, Value>) -> Value { session[keyPath: member] }

    package mutating func receive(_ bytes: [UInt8]) throws(PSRPError) {
        carriage.receive(bytes)
        while let request = try carriage.next() { try session.receive(request) }
    }

    package mutating func bytesToSend() -> [UInt8] {
        carriage.write(session.eventsToSend())
        return carriage.bytesToSend()
    }

    package mutating func nextEvent() -> ServerEvent? { session.nextEvent() }
    package mutating func finishClose() { session.finishClose() }

    package mutating func openPool(privateData: [(String, PSValue)]) { session.openPool(privateData: privateData) }

    package mutating func sendState(_ state: PipelineState, _ error: ErrorRecord? = nil, of pipeline: PipelineID) {
        session.sendState(state, error, of: pipeline)
    }
}
