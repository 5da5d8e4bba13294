package import CLIXML
package import PSRP

/// One kept session: a runspace pool that is held open, and the visitors that come to it one after the other. Sans-IO: bytes
/// of out-of-process framing in and out, on both sides.
///
/// A visitor's own pool is opened and closed here, and the held one hears nothing of that. Pipelines are the held pool's:
/// their elements and acknowledgements pass in both directions as they are, so that each side keeps the order that the
/// other one wants. Only the pool's GUID in messages' headers is replaced. When a visitor leaves, what it has left running
/// is stopped and closed before the next one is let in.
package struct HeldPool: Sendable {
    package enum State: Sendable, Hashable {
        case opening
        case available
        case busy
        case broken(String)
    }

    /// The GUID of the held pool, in the order of a message's header.
    let poolBytes: [UInt8]
    let limits: SessionLimits
    private var opener: ClientSession
    private var held: OutOfProcessClientCarriage
    private var poolStream: FragmentReassembler
    private var splitter = FragmentSplitter()
    /// The pool's messages that have not flown, and whether one is on its way.
    private var poolQueue: [(bytes: [UInt8], stream: CarriageStream)] = []
    private var isPoolDataOnItsWay = true
    private var output: [CarriageRequest] = []
    private var breakage: String?
    /// What was said last that is not PSRP: why the connection ended, where that was all.
    private var lastWords = ""

    /// What the far side said when it opened; nil until it is open.
    private(set) var version: PSVersionNumber?
    private(set) var privateData: [UInt8] = []
    private var isOpen = false
    private var identifiers: any IdentifierSource
    /// Of a far side that keeps to the order in which it is asked, while nobody is in.
    private var foresight: Foresight?
    /// Pipelines that are announced for visitors to come, and whether the far side has acknowledged them: so a visitor's
    /// first line costs one round trip, as those behind it. There is one, and one more where a visitor used none; none where the
    /// order is kept.
    private var spares: [(name: PipelineID, isReady: Bool)] = []
    var visit: Visit?

    /// The far side is asked to open a pool by that GUID.
    /// - Parameter identifiers: of pipelines, which nobody else uses.
    package init(pool: PSGuid, identifiers: any IdentifierSource, limits: SessionLimits = .ofClient) {
        self.identifiers = identifiers
        poolBytes = pool.mixedEndianBytes
        self.limits = limits
        held = OutOfProcessClientCarriage(limits: limits)
        poolStream = FragmentReassembler(limits: limits)
        opener = ClientSession(
            configuration: ClientConfiguration(
                host: HostDescription(columns: 120, rows: 50, title: "psrun"),
                isKept: true
            ),
            carriage: CarriageTraits(
                largestFragment: CarriageTraits.outOfProcess.largestFragment,
                commands: .carryFirstFragment
            ),
            identifiers: OneIdentifier(pool),
            cryptography: nil
        )
        opener.open()
        output = opener.requestsToSend()
    }

    package var state: State {
        if let breakage { return .broken(breakage) }
        guard isOpen else { return .opening }
        return visit == nil ? .available : .busy
    }

    /// Whether the far side has said anything to the opening of the pool.
    package var hasAnswered: Bool { isOpen || version != nil || !isPoolDataOnItsWay }

    // MARK: The held side

    /// Takes bytes of the held side's, cut anywhere.
    package mutating func receiveHeld(_ bytes: [UInt8]) {
        for event in held.receive(bytes) where breakage == nil { handle(event) }
        advance()
    }

    /// The held side is gone.
    package mutating func heldEnded() {
        let words = lastWords.isEmpty ? "" : ": \(lastWords)"
        breakOff("its connection has ended\(words)")
    }

    /// What is to be sent to the held side.
    package mutating func takeForHeld() -> [UInt8] {
        defer { output = [] }
        return OutOfProcessClientCarriage.bytes(of: output)
    }

    private mutating func handle(_ event: CarriageEvent) {
        do throws(PSRPError) {
            switch event {
            case .data(.pool, let bytes):
                for message in try poolStream.receive(bytes) { try handlePool(try Message(decoding: message)) }
            case .data(.pipeline(let id), let bytes):
                if foresight?.receive(bytes, of: id) != nil { output.append(.close(.pipeline(id))) }
                try visit?.deliver(bytes, of: id)
            case .acknowledged(.open, _), .acknowledged(.data, .pool): isPoolDataOnItsWay = false
            case .acknowledged(let kind, .pipeline(let id)):
                if let index = spares.firstIndex(where: { $0.name == id }) {
                    spares[index].isReady = true
                } else {
                    visit?.acknowledged(kind, id)
                }
            case .acknowledged: break
            case .noise(let line): lastWords = CarrierWords.reason(in: line) ?? line
            case .foreign(let line): lastWords = CarrierWords.reason(in: line) ?? lastWords
            case .largestFragment, .ended: break
            case .broken(let error): throw error
            }
        } catch {
            breakOff(error.message)
        }
    }

    private mutating func handlePool(_ message: Message) throws(PSRPError) {
        switch message.type {
        case .sessionCapability:
            version = try SessionCapability(value: try message.value(limits: limits.clixml)).protocolVersion
        case .applicationPrivateData: privateData = message.body
        case .runspacePoolState:
            let value = try message.value(limits: limits.clixml)
            switch try StateMessage.poolState(of: value) {
            case .opened:
                isOpen = version != nil
                guard isOpen, try keepsOrder() else { break }
                foresight = Foresight(pool: poolBytes, identifiers: identifiers, limits: limits)
            case .broken, .closed, .disconnected:
                let error = StateMessage.error(of: value).map { ": \($0.message)" } ?? ""
                throw PSRPError(.farSide, "the far side ended it\(error)")
            default: break
            }
        case .runspaceAvailability, .runspacePoolHostCall, .encryptedSessionKey, .publicKeyRequest, .userEvent,
            .runspacePoolInitData:
            visit?.deliver(message)
        default: break
        }
    }

    private func keepsOrder() throws(PSRPError) -> Bool {
        guard !privateData.isEmpty else { return false }
        let message = Message(.applicationPrivateData, to: .client, runspacePoolID: .zero, body: privateData)
        return FarSideOrder.isPromised(try message.value(limits: limits.clixml))
    }

    private mutating func breakOff(_ reason: String) {
        guard breakage == nil else { return }
        let reason = reason.last == "." ? String(reason.dropLast()) : reason
        breakage = reason
        output = []
        visit?.heldIsGone(reason)
    }

    // MARK: The visitor's side

    /// Lets a visitor in; only where nobody is.
    package mutating func visitorArrived() {
        guard visit == nil, isOpen || breakage != nil else { return }
        let ready = spares.firstIndex(where: \.isReady).map { spares.remove(at: $0).name }
        visit = Visit(
            heldPool: poolBytes,
            foresight: foresight.take(),
            spare: ready,
            limits: limits,
            version: version ?? SessionCapability.newest,
            privateData: privateData
        )
        if let breakage { visit?.heldIsGone(breakage) }
        advance()
    }

    /// Takes bytes of the visitor's, cut anywhere.
    package mutating func receiveVisitor(_ bytes: [UInt8]) {
        visit?.receive(bytes)
        advance()
    }

    /// The visitor is gone, however it left: what it has left running is stopped.
    package mutating func visitorLeft() {
        visit?.isGone = true
        advance()
    }

    /// Whether the visitor has opened its pool.
    package var isVisitOpen: Bool { visit?.isOpen == true }

    /// Ends the visit, and tells the visitor why.
    package mutating func putVisitorOut(_ reason: String) {
        visit?.fail(reason)
        advance()
    }

    /// What is to be sent to the visitor.
    package mutating func takeForVisitor() -> [UInt8] { visit?.takeOutput() ?? [] }

    /// Whether the visitor's last word is said, so that the next one may be let in by `endVisit`.
    package var isVisitOver: Bool { visit?.isOver == true }

    package mutating func endVisit() {
        if let left = visit?.spare { spares.append((left, true)) }
        foresight = visit?.takeForesight()
        visit = nil
        advance()
    }

    /// Passes on what the visit has for the held side.
    private mutating func advance() {
        guard breakage == nil else { return }
        visit?.advance()
        output += visit?.takeRequests() ?? []
        // Behind what a visit has left as well.
        output += foresight?.ask() ?? []
        if isOpen, spares.isEmpty, foresight == nil, visit?.foresight == nil {
            let name = identifiers.nextIdentifier()
            spares.append((name, false))
            output.append(.command(name, []))
        }
        if poolQueue.count > limits.openHostCalls {
            let most = limits.openHostCalls
            visit?.fail("More than \(most) messages wait for the kept session's far side.")
        }
        for message in visit?.takePoolMessages() ?? [] {
            var copy = message.message
            copy.runspacePoolID = PSGuid(mixedEndian: poolBytes[...])
            var rest = splitter.begin(copy.encoded)
            while !rest.isAtEnd {
                var bytes: [UInt8] = []
                rest.appendNext(to: &bytes, largest: CarriageTraits.outOfProcess.largestFragment)
                poolQueue.append((bytes, message.stream))
            }
        }
        guard !isPoolDataOnItsWay, !poolQueue.isEmpty else { return }
        let next = poolQueue.removeFirst()
        output.append(.data(.pool, next.stream, next.bytes))
        isPoolDataOnItsWay = true
    }
}

/// The pool's GUID, for whoever asks for one.
private struct OneIdentifier: IdentifierSource {
    let identifier: PSGuid

    init(_ identifier: PSGuid) { self.identifier = identifier }

    mutating func nextIdentifier() -> PSGuid { identifier }
}
