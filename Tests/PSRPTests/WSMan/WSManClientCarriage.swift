import CLIXML
import PSRP

/// A client's end of a model of WSMan: requests to exchanges, and answers to events.
///
/// One connection carries what the client asks, one exchange at a time; the pool and each command have a Receive that
/// waits, on a connection of its own.
struct WSManClientCarriage {
    private struct Command {
        /// As the server named it, once it has.
        var wireID: String
        var isReceiving = false
        /// Whether its Terminate was sent: what its Receive says from then on is nobody's.
        var isClosing = false
    }

    private var maxEnvelopeSize: Int
    private let maxEnvelopeSizeFrom22: Int
    /// The name to ask for; the server's answer counts.
    private let wantedShellID: String
    private var shellID: String?
    private var commands: [PipelineID: Command] = [:]
    private var isPoolReceiving = false
    private var isDeleting = false
    private var waiting: [CarriageRequest] = []
    private var underWay: (messageID: Int, request: CarriageRequest)?
    private var receives: [Int: CarriageTarget] = [:]
    private var lastMessageID = 0
    private var events: [CarriageEvent] = []

    init(shellID: PSGuid, maxEnvelopeSize: Int = 153_600, from22: Int = 512_000) {
        wantedShellID = shellID.description.uppercased()
        self.maxEnvelopeSize = maxEnvelopeSize
        maxEnvelopeSizeFrom22 = from22
    }

    var traits: CarriageTraits {
        CarriageTraits(largestFragment: WSManEnvelope.budget(maxEnvelopeSize), commands: .carryFirstFragment)
    }

    mutating func send(_ requests: [CarriageRequest]) {
        for request in requests {
            if case .negotiated(let version) = request {
                guard version >= PSVersionNumber(2, 2) else { continue }
                maxEnvelopeSize = maxEnvelopeSizeFrom22
                events.append(.largestFragment(traits.largestFragment))
            } else {
                waiting.append(request)
            }
        }
    }

    /// What is to be posted now, each on a connection that is free.
    mutating func requestsToSend() -> [WSManRequest] {
        var posts: [WSManRequest] = []
        if underWay == nil, !waiting.isEmpty {
            let request = waiting.removeFirst()
            if let operation = operation(of: request) {
                let post = post(operation)
                underWay = (post.messageID, request)
                posts.append(post)
            }
        }
        if shellID != nil, !isPoolReceiving, !isDeleting {
            isPoolReceiving = true
            posts.append(receive(.pool, nil))
        }
        for (pipeline, command) in commands where !command.isReceiving && !command.isClosing {
            commands[pipeline]?.isReceiving = true
            posts.append(receive(.pipeline(pipeline), command.wireID))
        }
        return posts
    }

    mutating func takeEvents() -> [CarriageEvent] {
        defer { events = [] }
        return events
    }

    mutating func receive(_ response: WSManResponse) {
        if let target = receives.removeValue(forKey: response.relatesTo) {
            take(response.answer, of: target)
        } else if let exchange = underWay, exchange.messageID == response.relatesTo {
            underWay = nil
            finish(exchange.request, response.answer)
        } else {
            events.append(.broken(PSRPError(.farSide, "An answer relates to no request.")))
        }
    }

    // MARK: - Operations

    private mutating func post(_ operation: WSManOperation) -> WSManRequest {
        lastMessageID += 1
        return WSManRequest(
            messageID: lastMessageID,
            shellID: shellID,
            maxEnvelopeSize: maxEnvelopeSize,
            operation: operation
        )
    }

    private mutating func receive(_ target: CarriageTarget, _ commandID: String?) -> WSManRequest {
        let post = post(.receive(commandID: commandID))
        receives[post.messageID] = target
        return post
    }

    private mutating func operation(of request: CarriageRequest) -> WSManOperation? {
        switch request {
        case .open(let bytes): return .create(shellID: wantedShellID, protocolVersion: "2.3", creationXml: bytes)
        case .command(let pipeline, let bytes):
            return .command(commandID: pipeline.description.uppercased(), arguments: bytes)
        case .data(let target, let stream, let bytes):
            return .send(stream: stream == .standard ? "stdin" : "pr", commandID: wireID(target), bytes: bytes)
        case .signal(let pipeline):
            return wireID(.pipeline(pipeline)).map { .signal(commandID: $0, code: WSManOperation.stop) }
        case .close(.pipeline(let pipeline)):
            commands[pipeline]?.isClosing = true
            return wireID(.pipeline(pipeline)).map { .signal(commandID: $0, code: WSManOperation.terminate) }
        case .close(.pool):
            isDeleting = true
            return .delete
        case .negotiated: return nil
        }
    }

    private func wireID(_ target: CarriageTarget) -> String? {
        guard case .pipeline(let pipeline) = target else { return nil }
        return commands[pipeline]?.wireID
    }

    // MARK: - Answers

    private mutating func finish(_ request: CarriageRequest, _ answer: WSManAnswer) {
        switch (request, answer) {
        case (.open, .resourceCreated(let shellID)):
            self.shellID = shellID
            events.append(.acknowledged(.open, .pool))
        case (.command(let pipeline, _), .command(let commandID)):
            commands[pipeline] = Command(wireID: commandID)
            events.append(.acknowledged(.command, .pipeline(pipeline)))
        case (.data(let target, _, _), .send): events.append(.acknowledged(.data, target))
        case (.signal(let pipeline), .signal): events.append(.acknowledged(.signal, .pipeline(pipeline)))
        case (.close(.pipeline(let pipeline)), .signal):
            commands[pipeline] = nil
            events.append(.acknowledged(.close, .pipeline(pipeline)))
        case (.close(.pool), _): events.append(.acknowledged(.close, .pool))
        default: events.append(.broken(PSRPError(.farSide, "\(request) was answered by \(answer).")))
        }
    }

    private mutating func take(_ answer: WSManAnswer, of target: CarriageTarget) {
        let isClosing: Bool
        switch target {
        case .pool:
            isPoolReceiving = false
            isClosing = isDeleting
        case .pipeline(let pipeline):
            isClosing = commands[pipeline]?.isClosing ?? true
            commands[pipeline]?.isReceiving = false
        }
        switch answer {
        case .receive(let streams, let state):
            for bytes in streams { events.append(.data(target, bytes)) }
            guard state == .done, !isClosing else { return }
            if case .pipeline(let pipeline) = target { commands[pipeline]?.isReceiving = true }
            events.append(.ended(target))
        case .timedOut: break
        case .fault where isClosing: break
        default: events.append(.broken(PSRPError(.farSide, "A Receive was answered by \(answer).")))
        }
    }
}
