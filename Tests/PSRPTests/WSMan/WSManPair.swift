import CLIXML
import PSRP
import PSRunTestSupport

/// A client's and a server's session with a model of WSMan between them. Exchanges are on their way together, one a
/// connection, and arrive in an order that the seed decides.
struct WSManPair {
    var client: ClientSession
    var server: ServerSession
    private(set) var carriage: WSManClientCarriage
    var serverCarriage: WSManServerCarriage
    /// The session's order rules, on the client's end.
    private(set) var checker: OrderChecker
    private(set) var clientEvents: [ClientEvent] = []
    private(set) var serverEvents: [ServerEvent] = []
    var serve: (inout ServerSession, ServerEvent) -> Void = SessionPair.echo
    var react: (inout ClientSession, ClientEvent) throws(PSRPError) -> Void = { _, _ in }
    private var random: SplitMix64
    private var up: [WSManRequest] = []
    private var down: [WSManResponse] = []

    init(
        _ kind: WSManServerCarriage.Kind,
        seed: UInt64 = 1,
        carriage: WSManClientCarriage = WSManClientCarriage(shellID: PSGuid(high: 5, low: 0xABC)),
        traits: CarriageTraits? = nil,
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4)
    ) {
        let traits = traits ?? carriage.traits
        client = ClientSession(
            configuration: ClientConfiguration(protocolVersion: protocolVersion),
            carriage: traits,
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        server = ServerSession(configuration: ServerConfiguration())
        self.carriage = carriage
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
                try serve(up.remove(at: next))
            } else if next < up.count + down.count {
                carriage.receive(down.remove(at: next - up.count))
            }
            down += serverCarriage.responsesToSend()
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

    private mutating func driveClient() throws {
        while true {
            let heard = carriage.takeEvents()
            for event in heard { try checker.received(event) }
            try client.receive(heard)
            while let event = client.nextEvent() {
                clientEvents.append(event)
                try react(&client, event)
            }
            let requests = client.requestsToSend()
            for request in requests { checker.sent(request) }
            carriage.send(requests)
            if heard.isEmpty, requests.isEmpty { break }
        }
        up += carriage.requestsToSend()
    }

    private mutating func serve(_ post: WSManRequest) throws {
        guard let request = serverCarriage.receive(post) else { return }
        try server.receive(request)
        while let event = server.nextEvent() {
            serverEvents.append(event)
            serve(&server, event)
        }
        serverCarriage.write(server.eventsToSend())
    }
}
