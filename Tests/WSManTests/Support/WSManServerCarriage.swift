import CLIXML
import PSRP
import WSManEnvelope

/// A server's end of the model: exchanges to requests, and events to answers.
///
/// It is strict where servers are, and names its shell and its commands itself, as Windows Server 2008 R2 does.
struct WSManServerCarriage {
    /// What differs between servers (captured answers of both).
    enum Kind: CaseIterable {
        /// A Receive's answer has all that there is, says Done with the last of it, and faults when it is idle.
        case windows
        /// One fragment an answer; Done comes in an empty answer; an idle Receive is answered by an empty one.
        case omi
    }

    private struct Target {
        var waiting: [[UInt8]] = []
        var hasEnded = false
        /// The Receive that waits.
        var receive: PSGuid?
        var hasSaidDone = false
        /// The Signals and host responses that are answered once a Receive waits.
        var held: [ServerAnswer] = []
    }

    private struct Unanswered {
        let kind: CarriageRequest.Kind
        let target: CarriageTarget
        let messageID: PSGuid
        let operation: WSManOperation
    }

    let kind: Kind
    private(set) var breaches: [String] = []
    /// The operations, in the order in which they came.
    private(set) var operations: [WSManOperation] = []
    /// The PSRP sizes of what came.
    private(set) var payloads: [Int] = []
    /// The sizes of the envelopes that came.
    private(set) var sizes: [Int] = []
    private var messageIDs: Set<PSGuid> = []
    /// The largest envelope that the client takes.
    private var maxEnvelopeSize = 0
    private var shellID: String?
    private var pipelines: [String: PipelineID] = [:]
    private var targets: [CarriageTarget: Target] = [:]
    /// Exchanges that wait for the session's acknowledgement.
    private var unanswered: [Unanswered] = []
    private var responses: [ServerAnswer] = []
    private var hasReceivedPool = false
    /// What was answered to each Receive.
    private var said: [PSGuid: ServerAnswer] = [:]

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// - Returns: what the session is to do; the answer follows its events.
    mutating func receive(_ request: ServerRequest) -> CarriageRequest? {
        operations.append(request.operation)
        let payload = request.operation.payload
        if !payload.isEmpty { payloads.append(payload.count) }
        sizes.append(request.size)
        maxEnvelopeSize = request.maxEnvelopeSize
        if request.size > request.maxEnvelopeSize { breach("an envelope that is too large") }
        if !messageIDs.insert(request.messageID).inserted { return again(request) }
        if case .create(let wanted, let bytes) = request.operation {
            if shellID != nil || wanted != wanted.uppercased() { breach("a wrong Create") }
            if request.options["protocolversion"] != "2.3" { breach("a Create without its option") }
            shellID = "SHELL-OF-THE-SERVER"
            targets[.pool] = Target()
            return expect(.open(bytes), .open, .pool, request)
        }
        guard request.shellID == shellID, shellID != nil else { return refuse(request, "an unknown shell") }
        switch request.operation {
        case .create, .connect, .connectCommand, .disconnect, .reconnect, .identify, .enumerateShells,
            .enumerateCommands:
            return refuse(request, "\(request.operation.name), which this server does not have")
        case .command(let commandID, let bytes):
            if !hasReceivedPool { breach("a Command before the pool's first Receive") }
            if bytes.isEmpty { breach("a Command that carries nothing") }
            guard let pipeline = PSGuid(commandID), commandID == commandID.uppercased() else {
                return refuse(request, "a CommandId that is not a GUID in upper case")
            }
            pipelines["COMMAND-OF-THE-SERVER-\(commandID)"] = pipeline
            targets[.pipeline(pipeline)] = Target()
            return expect(.command(pipeline, bytes), .command, .pipeline(pipeline), request)
        case .send(let name, let commandID, let bytes):
            guard let target = target(commandID) else { return refuse(request, "a Send to nobody") }
            let stream: CarriageStream = name == .standard ? .standard : .promptResponse
            return expect(.data(target, stream, bytes), .data, target, request)
        case .receive(let commandID):
            guard let target = target(commandID) else { return refuse(request, nil) }
            if target == .pool { hasReceivedPool = true }
            guard targets[target]?.receive == nil else {
                breach("a second Receive")
                respond(request, .alreadyReceiving)
                return nil
            }
            targets[target]?.receive = request.messageID
            return nil
        case .signal(let commandID, let code):
            guard let pipeline = pipelines[commandID] else { return refuse(request, "a Signal to nobody") }
            switch code {
            case .stop: return expect(.signal(pipeline), .signal, .pipeline(pipeline), request)
            case .terminate:
                return expect(.close(.pipeline(pipeline)), .close, .pipeline(pipeline), request)
            }
        case .delete: return expect(.close(.pool), .close, .pool, request)
        }
    }

    /// Takes what the session has to say.
    mutating func write(_ events: [CarriageEvent]) {
        for event in events {
            switch event {
            case .data(let target, let bytes): targets[target]?.waiting.append(bytes)
            case .ended(let target): targets[target]?.hasEnded = true
            case .acknowledged(let kind, let target): answer(kind, target)
            case .largestFragment, .noise, .foreign, .broken: breach("a server's \(event)")
            }
        }
    }

    mutating func responsesToSend() -> [ServerAnswer] {
        for target in targets.keys { answerReceive(of: target) }
        defer { responses = [] }
        return responses
    }

    /// The time of each Receive that waits lapses.
    mutating func lapse() {
        for target in targets.keys {
            guard let messageID = targets[target]?.receive else { continue }
            targets[target]?.receive = nil
            respond(messageID, .receive(commandID: nil), kind == .windows ? .timedOut : .received([], .running))
        }
    }

    /// Forgets how a command went, as a server does that was sent a code it does not know: Done, without a state.
    mutating func lose(_ pipeline: PipelineID) {
        targets[.pipeline(pipeline)]?.waiting = []
        targets[.pipeline(pipeline)]?.hasEnded = true
    }

    // MARK: -

    private func target(_ commandID: String?) -> CarriageTarget? {
        guard let commandID else { return .pool }
        return pipelines[commandID].map { .pipeline($0) }
    }

    private mutating func expect(
        _ request: CarriageRequest,
        _ kind: CarriageRequest.Kind,
        _ target: CarriageTarget,
        _ post: ServerRequest
    ) -> CarriageRequest {
        if unanswered.contains(where: { $0.target == target }) { breach("two exchanges of a target on their way") }
        unanswered.append(
            Unanswered(kind: kind, target: target, messageID: post.messageID, operation: post.operation)
        )
        return request
    }

    private mutating func answer(_ kind: CarriageRequest.Kind, _ target: CarriageTarget) {
        guard let index = unanswered.firstIndex(where: { $0.kind == kind && $0.target == target }) else {
            return breach("an acknowledgement of \(kind) that nothing waits for")
        }
        let exchange = unanswered.remove(at: index)
        let (messageID, operation) = (exchange.messageID, exchange.operation)
        switch kind {
        case .open: respond(messageID, operation, .created(shellID: shellID ?? ""))
        case .command:
            let wireID = pipelines.first { .pipeline($0.value) == target }?.key
            respond(messageID, operation, .command(commandID: wireID ?? ""))
        case .data where target == .pool: respond(messageID, operation, .done)
        // Servers answer these while a Receive waits, and not before.
        case .data, .signal:
            targets[target]?.held.append(ServerAnswer(relatesTo: messageID, operation: operation, answer: .done))
        case .close:
            forget(target)
            respond(messageID, operation, .done)
        }
    }

    /// What still waits for a target's output ends with the target.
    private mutating func forget(_ target: CarriageTarget) {
        if let messageID = targets[target]?.receive {
            respond(messageID, .receive(commandID: nil), kind == .windows ? .unknown : .received([], .done))
        }
        targets[target] = nil
        pipelines = pipelines.filter { .pipeline($0.value) != target }
    }

    private mutating func answerReceive(of target: CarriageTarget) {
        guard var state = targets[target] else { return }
        let isWaitedFor = state.receive != nil
        if let messageID = state.receive, !state.waiting.isEmpty || state.hasEnded && target != .pool {
            let count = kind == .windows ? fitting(state.waiting) : min(1, state.waiting.count)
            let streams = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            let isDone = state.hasEnded && state.waiting.isEmpty && (kind == .windows || streams.isEmpty)
            let running: ReceivedOutput.CommandState? = kind == .windows ? nil : .running
            state.hasSaidDone = isDone
            state.receive = nil
            respond(messageID, .receive(commandID: nil), .received(streams, isDone ? .done : running))
        }
        if isWaitedFor || state.hasSaidDone {
            responses += state.held
            state.held = []
        }
        targets[target] = state
    }

    /// How many of these streams an envelope takes: one at least.
    private func fitting(_ streams: [[UInt8]]) -> Int {
        var room = maxEnvelopeSize - 2000
        return streams.prefix { stream in
            defer { room -= stream.count / 3 * 4 + 100 }
            return room == maxEnvelopeSize - 2000 || room >= stream.count / 3 * 4 + 100
        }.count
    }

    private mutating func respond(_ request: ServerRequest, _ answer: WSManAnswer) {
        respond(request.messageID, request.operation, answer)
    }

    private mutating func respond(_ messageID: PSGuid, _ operation: WSManOperation, _ answer: WSManAnswer) {
        let answer = ServerAnswer(relatesTo: messageID, operation: operation, answer: answer)
        if case .receive = operation { said[messageID] = answer }
        responses.append(answer)
    }

    /// A Receive whose answer was lost comes once more: Windows says again what it said, OMI goes on.
    private mutating func again(_ request: ServerRequest) -> CarriageRequest? {
        guard case .receive(let commandID) = request.operation else {
            breach("\(request.operation.name) twice")
            return nil
        }
        if kind == .windows, let answer = said[request.messageID] {
            responses.append(answer)
        } else if let target = target(commandID) {
            targets[target]?.receive = request.messageID
        }
        return nil
    }

    /// A Receive may be on its way when its command goes: that is not a breach.
    private mutating func refuse(_ request: ServerRequest, _ what: String?) -> CarriageRequest? {
        if let what { breach(what) }
        respond(request, .unknown)
        return nil
    }

    private mutating func breach(_ what: String) {
        breaches.append(what)
    }
}
