import CLIXML
package import PSRP
package import WSManEnvelope

/// A client's end of WSMan: a session's requests to exchanges, and their answers to events.
///
/// One lane carries what the client asks, one exchange at a time; the pool and each command have a Receive that waits, on
/// lanes of their own. The pool's starts when the shell is there, a command's when its Command is answered, and each goes
/// on until its target is done: servers answer Signal and host responses only while one waits.
///
/// Nothing is ever run twice. A request of which a byte may have left is not sent again, but for Receive, whose envelope
/// is then the same byte for byte; what may have been lost with its answer is watched for (`FragmentLedger`).
package struct WSManClientCarriage: Sendable {
    struct Command: Sendable {
        let pipeline: PipelineID
        /// As the server named it.
        let wireID: String
        /// Whether the server said that nothing more comes.
        var isDone = false
        /// Whether its Terminate was sent: what its Receive says from then on is nobody's.
        var isClosing = false
    }

    /// The exchange of the control lane.
    struct UnderWay: Sendable {
        let job: ControlJob
        let messageID: PSGuid
        let exchange: Exchange
        var tries = 1
    }

    struct Receive: Sendable {
        let target: CarriageTarget
        let messageID: PSGuid
        let exchange: Exchange
    }

    enum Shell: Sendable {
        case none
        /// Connect was sent, to the shell of this name.
        case connecting(String)
        /// By the name that counts.
        case open(String)
        /// Delete was sent, or nobody asks any more.
        case leaving(String?)
    }

    let endpoint: WSManEndpoint
    private var identifiers: any IdentifierSource
    private let sessionID: PSGuid
    private var lastExchange = 0
    private var envelopeSize: Int
    var shell = Shell.none
    /// The name of a shell that was asked for, where it is not known whether there is one.
    var perhaps: String?
    var commands: [Command] = []
    var waiting: [ControlJob] = []
    var underWay: UnderWay?
    var receives: [ExchangeID: Receive] = [:]
    /// How often in a row a target's Receive was sent again, and how often it was answered by nothing.
    var repeats: [CarriageTarget: Int] = [:]
    var silences: [CarriageTarget: Int] = [:]
    var isDisconnected = false
    var ledger = FragmentLedger()
    /// Events that stand behind something that is missing, and the targets that are not asked meanwhile.
    var held: [CarriageEvent] = []
    var heldTargets: Set<CarriageTarget> = []
    var progress = WSManProgress()

    /// Why the carriage cannot go on, once it cannot; `.broken` has told the same to the session. `leave` cleans up.
    package internal(set) var failure: WSManError?

    /// - Parameter identifiers: of messages, and of the client: Reconnect is for the one that disconnected.
    package init(endpoint: WSManEndpoint, identifiers: any IdentifierSource) {
        self.endpoint = endpoint
        self.identifiers = identifiers
        sessionID = self.identifiers.nextIdentifier()
        envelopeSize = endpoint.limits.firstEnvelope
    }

    /// What a session must know before there is a carriage.
    package static func traits(for endpoint: WSManEndpoint) -> CarriageTraits {
        let budget = endpoint.payloadBudget(envelope: endpoint.limits.firstEnvelope)
        return CarriageTraits(largestFragment: budget, commands: .carryFirstFragment)
    }

    /// Takes a session's requests, in order.
    package mutating func send(_ requests: [CarriageRequest]) -> WSManProgress {
        for request in requests {
            guard case .negotiated(let version) = request else {
                waiting.append(.request(request))
                if case .close(.pool) = request { boundUnderWay(endpoint.times.grace) }
                continue
            }
            guard version >= PSVersionNumber(2, 2), envelopeSize < endpoint.limits.envelope else { continue }
            envelopeSize = endpoint.limits.envelope
            progress.events.append(.largestFragment(endpoint.payloadBudget(envelope: envelopeSize)))
        }
        return advance()
    }

    /// Asks what a session does not ask; a notice answers.
    package mutating func ask(_ question: WSManQuestion) -> WSManProgress {
        waiting.append(.question(question))
        return advance()
    }

    /// Gives everything up: the shell is deleted where there is one, and nothing more is told of anything.
    /// - Returns: what is still to be done; the answer to Delete may be waited for, or not.
    package mutating func leave() -> [WSManAction] {
        var actions = receives.keys.map { WSManAction.abandon($0) }
        if let underWay { actions.append(.abandon(underWay.exchange.id)) }
        var shellID = perhaps
        if case .open(let id) = shell { shellID = id }
        if case .leaving = shell { shellID = nil }
        receives = [:]
        underWay = nil
        waiting = []
        commands = []
        shell = .leaving(shellID)
        if shellID != nil {
            let (_, exchange) = makeExchange(.delete, lane: .control, within: Double(endpoint.times.delete))
            actions.append(.exchange(exchange))
        }
        return actions
    }

    /// Starts what may start, and gives what has come of it.
    mutating func advance() -> WSManProgress {
        if failure == nil {
            startJob()
            startReceives()
        }
        defer { progress = WSManProgress() }
        return progress
    }

    // MARK: - Exchanges

    /// Makes an exchange with a MessageID of its own.
    mutating func makeExchange(
        _ operation: WSManOperation,
        lane: Lane,
        within seconds: Double,
        delay: Double = 0
    ) -> (messageID: PSGuid, exchange: Exchange) {
        let messageID = identifiers.nextIdentifier()
        let request = WSManRequest(
            endpoint: endpoint,
            messageID: messageID,
            sessionID: sessionID,
            shellID: shellID(for: operation),
            envelopeSize: envelopeSize,
            operation: operation
        )
        return (messageID, exchange(operation, request.encoded, lane, seconds, delay))
    }

    /// The same exchange once more, by another name.
    mutating func again(_ exchange: Exchange, after delay: Double) -> Exchange {
        self.exchange(exchange.operation, exchange.envelope, exchange.lane, exchange.answerWithin, delay)
    }

    private mutating func exchange(
        _ operation: WSManOperation,
        _ envelope: [UInt8],
        _ lane: Lane,
        _ seconds: Double,
        _ delay: Double
    ) -> Exchange {
        lastExchange += 1
        return Exchange(
            id: ExchangeID(lastExchange),
            lane: lane,
            operation: operation,
            envelope: envelope,
            delay: delay,
            answerWithin: seconds
        )
    }

    /// The selector: the shell's name, where the operation is on one.
    private func shellID(for operation: WSManOperation) -> String? {
        switch operation {
        case .create, .identify, .enumerateShells, .enumerateCommands: return nil
        case .connect, .command, .send, .receive, .signal, .delete, .disconnect, .reconnect, .connectCommand: break
        }
        switch shell {
        case .none: return nil
        case .open(let id), .connecting(let id): return id
        case .leaving(let id): return id
        }
    }

    /// The answer that the control lane waits for may take so many seconds more.
    mutating func boundUnderWay(_ seconds: Int) {
        guard let underWay, failure == nil else { return }
        progress.actions.append(.bound(underWay.exchange.id, within: Double(seconds)))
    }

    /// Ends the carriage for this reason.
    mutating func fail(_ error: WSManError) {
        guard failure == nil else { return }
        failure = error
        waiting = []
        held = []
        progress.events.append(.broken(error.asPSRPError))
    }

    func error(_ code: WSManError.Code, _ operation: WSManOperation, _ what: String, _ wayOut: String) -> WSManError {
        WSManError(code, host: endpoint.host, activity: operation.activity, what: what, wayOut: wayOut)
    }
}
