import CLIXML

/// A message on its way to a channel.
struct OutgoingMessage: Sendable {
    enum Content: Sendable {
        case body([UInt8])
        /// Waits for the version, or for a session key to encrypt its secure strings with.
        case sealed(PSValue)
    }

    let type: MessageType
    let stream: OutOfProcessElement.DataStream
    var content: Content

    init(_ type: MessageType, _ content: Content, stream: OutOfProcessElement.DataStream = .standard) {
        self.type = type
        self.stream = stream
        self.content = content
    }

    init(_ type: MessageType, _ value: PSValue) {
        self.init(type, .body(encodeCLIXML(value)))
    }

    /// Whether the message may share a Data with this one before it, as the real client has it: both messages that open
    /// the pool, and the end of a pipeline's input with the input before it (client/errors).
    func mayShareData(after earlier: MessageType) -> Bool {
        switch type {
        case .initRunspacePool: earlier == .sessionCapability
        case .pipelineInput, .endOfPipelineInput: earlier == .pipelineInput
        default: false
        }
    }
}

/// What one PSGuid sends: messages in order, one Data on its way at a time.
///
/// A real server hands every line to a thread pool, so that of two Data on their way together the second may be taken
/// first (server/unacked-fragments): the next one waits for the ack of the one before.
struct OutgoingChannel: Sendable {
    private var waiting: [OutgoingMessage] = []
    /// The message that is being sent: what is left of it.
    private var fragments: ArraySlice<[UInt8]> = []
    private var stream = OutOfProcessElement.DataStream.standard
    private var last: MessageType?
    private(set) var isAwaitingAck = false
    /// Whether the first message is acked, all its fragments.
    private(set) var hasDeliveredFirst = false

    mutating func add(_ message: OutgoingMessage) {
        waiting.append(message)
    }

    mutating func acknowledge() {
        guard isAwaitingAck else { return }
        isAwaitingAck = false
        if fragments.isEmpty { hasDeliveredFirst = true }
    }

    var hasSealed: Bool {
        waiting.contains { if case .sealed = $0.content { true } else { false } }
    }

    /// Encodes what waited for this: a session key, or the news that none is needed.
    mutating func unseal(_ cipher: SessionCipher?) throws(PSRPError) {
        for index in waiting.indices {
            guard case .sealed(let value) = waiting[index].content else { continue }
            waiting[index].content = .body(encodeCLIXML(try cipher?.encrypt(value) ?? value))
        }
    }

    /// The next Data that may fly, which then awaits its ack.
    mutating func nextData(
        of pipeline: PSGuid,
        with fragmenter: inout MessageFragmenter
    ) -> OutOfProcessElement.Kind? {
        guard !isAwaitingAck else { return nil }
        if fragments.isEmpty {
            guard let (message, body) = takeMessage() else { return nil }
            stream = message.stream
            last = message.type
            fragments = fragmenter.fragments(of: message.type, body, pipeline: pipeline)[...]
        }
        var data = fragments.removeFirst()
        while fragments.isEmpty, let last, waiting.first?.mayShareData(after: last) == true,
            let (message, body) = takeMessage()
        {
            self.last = message.type
            fragments = fragmenter.fragments(of: message.type, body, pipeline: pipeline)[...]
            guard let only = fragments.first, fragments.count == 1,
                data.count + only.count <= Fragment.maximumSize
            else { break }
            data += only
            fragments = []
        }
        isAwaitingAck = true
        return .data(stream, data)
    }

    private mutating func takeMessage() -> (OutgoingMessage, [UInt8])? {
        guard let message = waiting.first, case .body(let body) = message.content else { return nil }
        waiting.removeFirst()
        return (message, body)
    }
}
