import CLIXML
import PSRP
import PSRunTestSupport
import WSMan
import WSManEnvelope

/// A client's session on the real carriage, a server's on a model of WSMan's servers, and envelopes between them.
/// Exchanges are on their way together, one a connection, and arrive in an order that the seed decides.
struct WSManPair {
    var client: ClientSession
    var server: ServerSession
    private(set) var carriage: WSManClientCarriage
    var serverCarriage: WSManServerCarriage
    /// The session's order rules, on the client's end.
    private(set) var checker: OrderChecker
    private(set) var clientEvents: [ClientEvent] = []
    private(set) var serverEvents: [ServerEvent] = []
    private(set) var notices: [WSManNotice] = []
    /// Exchanges that the carriage gave up, and those that it would wait for so long.
    private(set) var abandoned: [ExchangeID] = []
    private(set) var exchanges: [Exchange] = []
    private(set) var isDisturbed = false
    var serve: (inout ServerSession, ServerEvent) -> Void = SessionPair.echo
    var react: (inout ClientSession, ClientEvent) throws(PSRPError) -> Void = { _, _ in }
    /// What becomes of an exchange in place of being delivered: asked once for each.
    var disturb: (Exchange) -> Disturbance = { _ in .none }
    private var random: SplitMix64
    private var up: [Exchange] = []
    private var down: [(id: ExchangeID, outcome: ExchangeOutcome)] = []
    /// Under which name the answer to a message is awaited.
    private var awaited: [PSGuid: ExchangeID] = [:]
    private var answersToLose: Set<PSGuid> = []
    private var heard: [CarriageEvent] = []

    enum Disturbance {
        case none
        /// No byte leaves.
        case notSent
        /// It does not arrive, and may have.
        case lostBefore
        /// It arrives, and its answer does not.
        case lostAfter
        /// It arrives, and nothing ever comes.
        case expires
    }

    init(
        _ kind: WSManServerCarriage.Kind,
        seed: UInt64 = 1,
        endpoint: WSManEndpoint = .test,
        traits: CarriageTraits? = nil,
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4)
    ) {
        let traits = traits ?? WSManClientCarriage.traits(for: endpoint)
        client = ClientSession(
            configuration: ClientConfiguration(protocolVersion: protocolVersion),
            carriage: traits,
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        server = ServerSession(configuration: ServerConfiguration())
        carriage = WSManClientCarriage(endpoint: endpoint, identifiers: MessageIdentifiers())
        serverCarriage = WSManServerCarriage(kind)
        checker = OrderChecker(traits.commands)
        random = SplitMix64(seed: seed)
    }

    /// Pumps until nothing is on its way but the Receives that wait.
    /// - Returns: what the client noticed meanwhile.
    @discardableResult
    mutating func pump() throws -> [ClientEvent] {
        let before = clientEvents.count
        repeat {
            try driveClient()
            let next = Int.random(in: 0..<max(1, up.count + down.count), using: &random)
            if next < up.count {
                try deliver(up.remove(at: next))
            } else if next < up.count + down.count {
                let (id, outcome) = down.remove(at: next - up.count)
                take(carriage.heard(id, outcome))
            }
            for answer in serverCarriage.responsesToSend() { answered(answer) }
            try driveClient()
        } while !up.isEmpty || !down.isEmpty
        return Array(clientEvents[before...])
    }

    /// Lets the time of each Receive that waits lapse.
    mutating func lapse() throws {
        serverCarriage.lapse()
        try pump()
    }

    /// What the server does without being asked.
    mutating func act(_ work: (inout ServerSession) -> Void) throws {
        work(&server)
        serverCarriage.write(server.eventsToSend())
        try pump()
    }

    private mutating func take(_ progress: WSManProgress) {
        heard += progress.events
        notices += progress.notices
        for action in progress.actions {
            switch action {
            case .exchange(let exchange):
                exchanges.append(exchange)
                up.append(exchange)
            case .abandon(let id):
                abandoned.append(id)
                up.removeAll { $0.id == id }
                down.removeAll { $0.id == id }
            case .bound: break
            }
        }
    }

    private mutating func driveClient() throws {
        while true {
            let events = heard
            heard = []
            for event in events { try checker.received(event) }
            try client.receive(events)
            while let event = client.nextEvent() {
                clientEvents.append(event)
                try react(&client, event)
            }
            let requests = client.requestsToSend()
            for request in requests { checker.sent(request) }
            if !requests.isEmpty { take(carriage.send(requests)) }
            if heard.isEmpty, requests.isEmpty { break }
        }
    }

    private mutating func deliver(_ exchange: Exchange) throws {
        let request = try ServerRequest(exchange.envelope)
        awaited[request.messageID] = exchange.id
        let disturbance = disturb(exchange)
        if disturbance != .none { isDisturbed = true }
        switch disturbance {
        case .none: break
        case .notSent: return down.append((exchange.id, .notSent("refused")))
        case .lostBefore: return down.append((exchange.id, .unknownWhetherSent("reset")))
        case .lostAfter: answersToLose.insert(request.messageID)
        case .expires:
            awaited[request.messageID] = nil
            take(carriage.exchangeExpired(exchange.id))
        }
        guard let request = serverCarriage.receive(request) else { return }
        try server.receive(request)
        while let event = server.nextEvent() {
            serverEvents.append(event)
            serve(&server, event)
        }
        serverCarriage.write(server.eventsToSend())
    }

    private mutating func answered(_ answer: ServerAnswer) {
        guard let id = awaited.removeValue(forKey: answer.relatesTo) else { return }
        if answersToLose.remove(answer.relatesTo) != nil {
            return down.append((id, .unknownWhetherSent("reset")))
        }
        let body = answer.encoded(serverCarriage.kind)
        down.append(
            (id, .answered(status: answer.status, contentType: "application/soap+xml;charset=UTF-8", body: body))
        )
    }
}

/// Identifiers of messages, other than those of a session.
struct MessageIdentifiers: IdentifierSource {
    private var last: UInt64 = 0

    mutating func nextIdentifier() -> PSGuid {
        last += 1
        return PSGuid(high: 0xAAAA_BBBB_CCCC_DDDD, low: last)
    }
}

extension WSManEndpoint {
    static let test = WSManEndpoint(address: "http://web01:5985/wsman", host: "web01")
}
