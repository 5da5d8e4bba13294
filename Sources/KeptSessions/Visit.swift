import CLIXML
import PSRP

/// One visitor in a held pool: its own pool, which lives and ends here, and its pipelines, which are the held pool's.
struct Visit: Sendable {
    /// A pipeline from its Command to the held side's CloseAck.
    struct Pipeline: Sendable {
        enum Place: Sendable, Hashable {
            /// The held side knows nothing of it: its Command is acknowledged here, and flies with what it is for.
            case ahead
            /// It asks what is answered here.
            case foreseen(Foresight.Question)
            /// The held side calls it so.
            case held(PipelineID)
        }

        var place: Place
        var isCommandAcknowledged = false
        /// Data that the held side has not acknowledged.
        var dataOnTheWay = 0
        /// Whether anything was sent that may have made it run.
        var hasData = false
        var signalsOnTheWay = 0
        var isSignalled = false
        var isClosing = false
        var incoming: [CarriageStream: PoolRelabeler] = [:]
        var outgoing = PoolRelabeler()

        /// Whether the held side has ended it, and is told that it is given up.
        var isDone: Bool { isClosing && outgoing.hasState }

        /// Whether the held side has been sent all that creates it, so that it may run.
        var isCreated: Bool { incoming[.standard]?.hasCreation == true }

        /// Whether what is sent next may make it run.
        var isPartial: Bool { hasData && !isCreated && !isClosing }

        /// What the held side calls it; nil where it knows nothing of it.
        var name: PipelineID? {
            if case .held(let name) = place { name } else { nil }
        }
    }

    struct PoolMessage: Sendable {
        var message: Message
        var stream: CarriageStream
    }

    private let heldPool: [UInt8]
    /// Of a held side that keeps to the order in which it is asked; nil of any other.
    var foresight: Foresight?
    let limits: SessionLimits
    private let version: PSVersionNumber
    private let privateData: [UInt8]
    var carriage: OutOfProcessServerCarriage
    private var standard: FragmentReassembler
    private var answers: FragmentReassembler
    private var splitter = FragmentSplitter()
    /// As the visitor has named its pool.
    private var pool = PSGuid.zero
    private var isNegotiated = false
    private(set) var isOpen = false
    /// The visitor has closed its pool.
    var isLeaving = false
    /// By the visitor's names.
    var pipelines: [PipelineID: Pipeline] = [:]
    /// The visitor's names, by those of the held side.
    var names: [PipelineID: PipelineID] = [:]
    /// A pipeline that the held side has acknowledged already: the visitor's first one need not wait for that.
    private(set) var spare: PipelineID?
    var requests: [CarriageRequest] = []
    private var poolMessages: [PoolMessage] = []
    private var lastWords: [UInt8] = []

    /// Nobody reads what is sent any more.
    var isGone = false
    /// All is said, and nothing of the visitor is left in the held pool.
    private(set) var isOver = false
    private var hasSaidClosed = false

    /// - Parameter heldPool: the GUID of the held pool, in the order of a message's header.
    init(
        heldPool: [UInt8],
        foresight: Foresight?,
        spare: PipelineID?,
        limits: SessionLimits,
        version: PSVersionNumber,
        privateData: [UInt8]
    ) {
        self.heldPool = heldPool
        self.foresight = foresight
        self.spare = spare
        self.limits = limits
        self.version = version
        self.privateData = privateData
        carriage = OutOfProcessServerCarriage(limits: limits)
        standard = FragmentReassembler(limits: limits)
        answers = FragmentReassembler(limits: limits)
    }

    mutating func takeOutput() -> [UInt8] {
        defer { lastWords = [] }
        return carriage.bytesToSend() + lastWords
    }

    mutating func takePoolMessages() -> [PoolMessage] {
        defer { poolMessages = [] }
        return poolMessages
    }

    /// What the held side is asked, in its own names.
    mutating func takeRequests() -> [CarriageRequest] {
        defer { requests = [] }
        return requests
    }
}

// MARK: - What the visitor sends
extension Visit {
    mutating func receive(_ bytes: [UInt8]) {
        guard !isGone, !isLeaving, !isOver else { return }
        carriage.receive(bytes)
        do throws(PSRPError) {
            while let request = try carriage.next() { try handle(request) }
        } catch {
            fail(error.message)
        }
    }

    /// Ends the visit in the form of a real server that cannot go on.
    mutating func fail(_ message: String) {
        lastWords = OutOfProcessErrorLine.bytes(message)
        isGone = true
    }

    private mutating func handle(_ request: CarriageRequest) throws(PSRPError) {
        switch request {
        case .open(let bytes):
            for message in try standard.receive(bytes) { try handlePool(message, .standard) }
            carriage.write([.acknowledged(.open, .pool)])
        case .data(.pool, let stream, let bytes):
            let messages =
                switch stream {
                case .standard: try standard.receive(bytes)
                case .promptResponse: try answers.receive(bytes)
                }
            for message in messages { try handlePool(message, stream) }
            carriage.write([.acknowledged(.data, .pool)])
        case .command(let id, _): try know(id)
        case .data(.pipeline(let id), let stream, let bytes):
            guard let pipeline = pipelines[id], !pipeline.isClosing else {
                return carriage.write([.acknowledged(.data, .pipeline(id))])
            }
            try pass(bytes, stream, of: id, pipeline.place)
        case .signal(let id):
            guard pipelines[id]?.isClosing == false else {
                return carriage.write([.acknowledged(.signal, .pipeline(id))])
            }
            signal(id)
        case .close(.pipeline(let id)):
            guard pipelines[id]?.isClosing == false else {
                return carriage.write([.acknowledged(.close, .pipeline(id))])
            }
            close(id)
        case .close(.pool): isLeaving = true
        case .negotiated: break
        }
    }

    private mutating func know(_ id: PipelineID) throws(PSRPError) {
        guard id != .zero, pipelines[id] == nil else { return carriage.write([.acknowledged(.command, .pipeline(id))]) }
        guard pipelines.count < limits.openPipelines else {
            throw PSRPError(.limit, "More than \(limits.openPipelines) pipelines are open.")
        }
        guard foresight == nil else {
            pipelines[id] = Pipeline(place: .ahead)
            return carriage.write([.acknowledged(.command, .pipeline(id))])
        }
        let ready = spare.take()
        pipelines[id] = Pipeline(place: .held(ready ?? id))
        names[ready ?? id] = id
        if let ready {
            acknowledged(.command, ready)
        } else {
            requests.append(.command(id, []))
        }
    }

    private mutating func pass(
        _ bytes: [UInt8],
        _ stream: CarriageStream,
        of id: PipelineID,
        _ place: Pipeline.Place
    ) throws(PSRPError) {
        switch place {
        case .held(let name): try send(bytes, stream, of: id, as: name)
        case .ahead: try begin(id, with: bytes, stream)
        // There is nothing more that such a question could want.
        case .foreseen: carriage.write([.acknowledged(.data, .pipeline(id))])
        }
    }

    mutating func send(
        _ bytes: [UInt8],
        _ stream: CarriageStream,
        of id: PipelineID,
        as name: PipelineID
    ) throws(PSRPError) {
        // What was known, or asked, behind all that ran is so no longer.
        if pipelines[id]?.isCreated == false { requests += foresight?.forget() ?? [] }
        var bytes = bytes
        let label = heldPool + name.mixedEndianBytes
        try pipelines[id]?.incoming[stream, default: PoolRelabeler()].relabel(&bytes, as: label)
        pipelines[id]?.dataOnTheWay += 1
        pipelines[id]?.hasData = true
        requests.append(.data(.pipeline(name), stream, bytes))
    }

    private mutating func signal(_ id: PipelineID) {
        guard let name = pipelines[id]?.name else { return carriage.write([.acknowledged(.signal, .pipeline(id))]) }
        pipelines[id]?.signalsOnTheWay += 1
        pipelines[id]?.isSignalled = true
        requests.append(.signal(name))
    }

    private mutating func close(_ id: PipelineID) {
        guard let name = pipelines[id]?.name else {
            pipelines[id] = nil
            return carriage.write([.acknowledged(.close, .pipeline(id))])
        }
        pipelines[id]?.isClosing = true
        requests.append(.close(.pipeline(name)))
    }

    private mutating func handlePool(_ bytes: [UInt8], _ stream: CarriageStream) throws(PSRPError) {
        let message = try Message(decoding: bytes)
        switch message.type {
        case .sessionCapability where !isNegotiated:
            let asked = try SessionCapability(value: try message.value(limits: limits.clixml))
            isNegotiated = true
            let answer = min(asked.protocolVersion, version)
            send(.sessionCapability, encodeCLIXML(SessionCapability(protocolVersion: answer).value))
        case .initRunspacePool where isNegotiated && !isOpen:
            pool = message.runspacePoolID
            isOpen = true
            if !privateData.isEmpty { send(.applicationPrivateData, privateData) }
            send(.runspacePoolState, encodeCLIXML(StateMessage.pool(.opened)))
        case .publicKey, .setMaxRunspaces, .setMinRunspaces, .getAvailableRunspaces, .resetRunspaceState,
            .runspacePoolHostResponse:
            if message.type == .setMaxRunspaces || message.type == .resetRunspaceState {
                requests += foresight?.end() ?? []
            }
            poolMessages.append(PoolMessage(message: message, stream: stream))
        case .closeSession: break
        default:
            throw PSRPError(
                .malformedMessage,
                "A \(message.type.wireName) message was received where none is due in a kept session."
            )
        }
    }
}

// MARK: - What the held side sends
extension Visit {
    /// Passes a slice of a pipeline's stream on.
    mutating func deliver(_ bytes: [UInt8], of name: PipelineID) throws(PSRPError) {
        if foresight?.isOwn(name) == true { return learn(bytes, of: name) }
        guard !isGone, !isLeaving, let id = names[name] else { return }
        var bytes = bytes
        try pipelines[id]?.outgoing.relabel(&bytes, as: pool.mixedEndianBytes + id.mixedEndianBytes)
        carriage.write([.data(.pipeline(id), bytes)])
    }

    /// Passes a message of the pool's on.
    mutating func deliver(_ message: Message) {
        if isOpen, !isLeaving { send(message.type, message.body) }
    }

    mutating func acknowledged(_ kind: CarriageRequest.Kind, _ name: PipelineID) {
        guard let id = names[name] else { return }
        switch kind {
        case .command: pipelines[id]?.isCommandAcknowledged = true
        case .data: pipelines[id]?.dataOnTheWay -= 1
        case .signal: pipelines[id]?.signalsOnTheWay -= 1
        case .close: (pipelines[id], names[name]) = (nil, nil)
        case .open: break
        }
        // Where the held side keeps to the order, a Command was acknowledged here.
        guard !isGone, !hasSaidClosed, foresight == nil || kind != .command else { return }
        carriage.write([.acknowledged(kind, .pipeline(id))])
    }

    /// The held pool has ended: the visitor is told why.
    mutating func heldIsGone(_ reason: String) {
        guard !isOver else { return }
        isOver = true
        guard isOpen, !isGone, !hasSaidClosed else {
            if !hasSaidClosed { lastWords = OutOfProcessErrorLine.bytes("the kept session is broken: \(reason)") }
            return
        }
        let error = ErrorRecord.make(
            message: "the kept session is broken: \(reason)",
            errorID: "KeptSessionBroken",
            category: 27,
            reason: "PSRemotingTransportException"
        )
        send(.runspacePoolState, encodeCLIXML(StateMessage.pool(.broken, error)))
    }

    mutating func send(_ type: MessageType, _ body: [UInt8], of pipeline: PipelineID? = nil) {
        let message = Message(
            type,
            to: .client,
            runspacePoolID: pool,
            pipelineID: pipeline ?? .zero,
            body: body
        )
        let target = pipeline.map(CarriageTarget.pipeline) ?? .pool
        var rest = splitter.begin(message.encoded)
        while !rest.isAtEnd {
            var bytes: [UInt8] = []
            rest.appendNext(to: &bytes, largest: CarriageTraits.outOfProcess.largestFragment)
            carriage.write([.data(target, bytes)])
        }
    }
}

// MARK: - Leaving
extension Visit {
    /// Stops and closes what a visitor that leaves has left, each when the held side is ready for it. The visitor itself does
    /// not wait for that.
    mutating func advance() {
        guard isGone || isLeaving, !isOver else { return }
        if isLeaving, !isGone, !hasSaidClosed {
            hasSaidClosed = true
            send(.runspacePoolState, encodeCLIXML(StateMessage.pool(.closed)))
            carriage.write([.acknowledged(.close, .pool)])
        }
        for (id, pipeline) in pipelines where !pipeline.isClosing {
            guard pipeline.name != nil else {
                pipelines[id] = nil
                continue
            }
            guard pipeline.isCommandAcknowledged, pipeline.dataOnTheWay == 0, pipeline.signalsOnTheWay == 0 else {
                continue
            }
            if pipeline.hasData, !pipeline.isSignalled, foresight == nil || !pipeline.outgoing.hasState {
                signal(id)
            } else {
                close(id)
            }
        }
        // The next visitor's pipelines have other names where the order is kept: acknowledgements may come late then.
        isOver = foresight == nil ? pipelines.isEmpty : pipelines.values.allSatisfy(\.isDone)
    }
}
