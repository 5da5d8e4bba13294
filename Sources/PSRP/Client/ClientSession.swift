package import CLIXML

/// A client's side of a session: the pool and its pipelines, whatever carries them.
///
/// What the carriage hears goes in by `receive`, events come out by `nextEvent`, and what the carriage is to do by
/// `requestsToSend`: drain the events, say what they ask for, then send in one write what may fly.
///
/// The order rules, since a real server handles requests that are on their way together in any order:
/// - One Data of a target at a time, until its ack (`OutgoingChannel`).
/// - A pipeline's Data after its Command's ack, after the pool has opened, and after the pipeline before it has ended.
/// - Where Commands are announced, the next pipeline's flies while one runs, so that a line costs one round trip, and the
///   first flies with what opens the pool (server/early-command, server/announced). Where a Command carries the first
///   fragment, it is itself a pipeline's first Data: a WSMan server breaks the pool for one that comes before the pool
///   has opened.
/// - Signal after the ack of what creates its pipeline: it would stop nothing before.
/// - Close after the Command's ack, and not waited for; Close of the pool after that of every Command (out-of-process
///   servers block for ever otherwise).
package struct ClientSession: Sendable {
    enum Phase: Sendable {
        case idle
        case opening
        case open
        /// `close` was called; Close of the pool waits for that of each Command.
        case leaving
        /// Close of the pool is sent.
        case closing
        /// The pool said that it is closed; its ack is due, and may not come (server/key-request). What else comes is no
        /// error: real servers say more than their last word.
        case poolClosed
        case closed
        case failed(PSRPError)
    }

    enum SessionKey: Sendable {
        case none
        case asked(any SessionKeyPair)
        case ready(SessionCipher)
    }

    let configuration: ClientConfiguration
    var identifiers: any IdentifierSource
    let cryptography: (any ClientKeyCryptography)?

    var phase = Phase.idle
    /// As the carriage tells it; its largest fragment may change.
    var carriage: CarriageTraits
    var fragmenter: MessageFragmenter
    var poolChannel = OutgoingChannel()
    var poolReassembler: FragmentReassembler
    /// In the order in which they run; the first may have started.
    var pipelines: [ClientPipeline] = []
    var commands: [SentCommand] = []
    /// Where Commands are announced: the pipeline that is announced, or will be next, and has nothing to run yet.
    var spare: PipelineID?
    var sessionKey = SessionKey.none
    var lastAvailabilityQuestion: Int64 = 0
    var isAvailabilityAsked = false
    var events: [ClientEvent] = []
    var firstEvent = 0
    var requests: [CarriageRequest] = []

    /// The version that both sides speak, once the far side has answered.
    package internal(set) var protocolVersion: PSVersionNumber?

    /// - Parameters:
    ///   - carriage: what the session's requests travel by.
    ///   - cryptography: for secure strings at protocol 2.3 and older; without it they cannot be sent or read.
    package init(
        configuration: ClientConfiguration,
        carriage: CarriageTraits,
        identifiers: any IdentifierSource,
        cryptography: (any ClientKeyCryptography)?
    ) {
        self.configuration = configuration
        self.carriage = carriage
        self.identifiers = identifiers
        self.cryptography = cryptography
        poolReassembler = FragmentReassembler(limits: configuration.limits)
        fragmenter = MessageFragmenter(to: .server, runspacePoolID: self.identifiers.nextIdentifier())
    }

    /// Queues what opens the pool.
    package mutating func open() {
        guard case .idle = phase else { return }
        phase = .opening
        for message in configuration.opening { poolChannel.add(message) }
    }

    package mutating func nextEvent() -> ClientEvent? {
        guard firstEvent < events.count else {
            events.removeAll(keepingCapacity: true)
            firstEvent = 0
            return nil
        }
        defer { firstEvent += 1 }
        return events[firstEvent]
    }

    /// Whether the pool is open, and `close` has not been called.
    package var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// How much has been received of messages that are not whole yet, in bytes.
    package var unreadBytes: Int {
        pipelines.reduce(poolReassembler.pendingBytes) { $0 + $1.reassembler.pendingBytes }
    }

    /// Queues a pipeline. It starts when those before it have ended; each ends with one `.ended` event.
    package mutating func create(_ request: PipelineRequest) -> PipelineID {
        enqueue(
            OutgoingMessage(.createPipeline, request.value),
            hasSeveralStatements: request.statements.count > 1
        )
    }

    /// Queues a question for commands' metadata; the answers are `.output` events.
    package mutating func createMetadataRequest(_ request: CommandMetadataRequest) -> PipelineID {
        enqueue(OutgoingMessage(.getCommandMetadata, request.value), hasSeveralStatements: false)
    }

    private mutating func enqueue(_ message: OutgoingMessage, hasSeveralStatements: Bool) -> PipelineID {
        let id = spare ?? identifiers.nextIdentifier()
        spare = nil
        var pipeline = ClientPipeline(
            id: id,
            hasSeveralStatements: hasSeveralStatements,
            reassembler: FragmentReassembler(limits: configuration.limits)
        )
        pipeline.channel.add(message)
        switch phase {
        case .idle, .opening, .open: pipelines.append(pipeline)
        case .leaving, .closing, .poolClosed, .closed, .failed: break
        }
        return id
    }

    /// Queues a pipeline's input; nothing for one that has ended.
    /// - Throws: `.sessionKey` where it holds a secure string that cannot be sent.
    package mutating func sendInput(_ value: PSValue, to pipeline: PipelineID) throws(PSRPError) {
        guard let index = pipelines.firstIndex(where: { $0.id == pipeline }) else { return }
        let content = try outgoing(value)
        pipelines[index].channel.add(OutgoingMessage(.pipelineInput, content))
    }

    /// Queues the end of a pipeline's input.
    package mutating func endInput(of pipeline: PipelineID) {
        guard let index = pipelines.firstIndex(where: { $0.id == pipeline }) else { return }
        pipelines[index].channel.add(OutgoingMessage(.endOfPipelineInput, .body([])))
    }

    /// Answers a host call; nothing for a pipeline that has ended. A `.secureString` holds UTF-16LE in the clear, and is
    /// encrypted on its way where the version wants it.
    /// - Throws: `.sessionKey` where it holds a secure string that cannot be sent.
    package mutating func reply(_ reply: HostReply, to call: HostCall) throws(PSRPError) {
        guard call.needsReply else { return }
        guard let pipeline = call.pipeline else {
            let content = try outgoing(reply.value(to: call))
            poolChannel.add(OutgoingMessage(.runspacePoolHostResponse, content, stream: .promptResponse))
            return
        }
        guard let index = pipelines.firstIndex(where: { $0.id == pipeline }) else { return }
        let content = try outgoing(reply.value(to: call))
        pipelines[index].channel.add(OutgoingMessage(.pipelineHostResponse, content, stream: .promptResponse))
    }

    /// Stops a pipeline by Signal; one that has not been sent yet ends at once, as stopped, without an error.
    /// - Returns: false for one that was not sent, and never will be.
    @discardableResult
    package mutating func stop(_ pipeline: PipelineID) -> Bool {
        guard let index = pipelines.firstIndex(where: { $0.id == pipeline }) else { return true }
        guard pipelines[index].hasStarted else {
            finish(at: index, .stopped, nil)
            return false
        }
        if case .notAsked = pipelines[index].stop { pipelines[index].stop = .wanted }
        return true
    }

    /// Asks for the number of free runspaces: a keepalive. One question at a time is on its way.
    package mutating func askAvailability() {
        guard isOpen, !isAvailabilityAsked else { return }
        isAvailabilityAsked = true
        lastAvailabilityQuestion += 1
        poolChannel.add(
            OutgoingMessage(.getAvailableRunspaces, .properties([("ci", .int64(lastAvailabilityQuestion))]))
        )
    }

    /// Closes each pipeline whose Command was sent, and then the pool; `.closed` follows. A pipeline that still runs is
    /// stopped without an `.ended` event.
    package mutating func close() {
        switch phase {
        case .idle:
            phase = .closed
            events.append(.closed)
        case .opening, .open:
            phase = .leaving
            pipelines = []
            spare = nil
            for index in commands.indices { commands[index].isRetired = true }
        case .leaving, .closing, .poolClosed, .closed, .failed: break
        }
    }

    /// Ends a pipeline: its Close is due.
    mutating func finish(at index: Int, _ state: PipelineState, _ error: ErrorRecord?) {
        let id = pipelines.remove(at: index).id
        events.append(.ended(id, state, error))
        if let command = commands.firstIndex(where: { $0.id == id }) { commands[command].isRetired = true }
    }
}
