import CLIXML

/// A message on its way to a channel.
struct OutgoingMessage: Sendable {
    enum Content: Sendable {
        case body([UInt8])
        /// Waits for the version, or for a session key to encrypt its secure strings with.
        case sealed(PSValue)
    }

    let type: MessageType
    let stream: CarriageStream
    var content: Content

    init(_ type: MessageType, _ content: Content, stream: CarriageStream = .standard) {
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

/// What flies at once for one target.
struct OutgoingData: Sendable {
    let stream: CarriageStream
    /// One fragment, or several that share a Data.
    let bytes: [UInt8]
    /// Whether nothing of its channel has flown before it.
    let isFirst: Bool
}

/// What one target is sent: messages in order, one Data on its way at a time.
///
/// A real server hands every line to a thread pool, so that of two Data on their way together the second may be taken
/// first (server/unacked-fragments): the next one waits for the ack of the one before. In WSMan the next Send waits for
/// the answer to the one before.
struct OutgoingChannel: Sendable {
    private var waiting: [OutgoingMessage] = []
    /// The message that is being sent.
    private var current: MessageInFragments?
    private var stream = CarriageStream.standard
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
        if current == nil { hasDeliveredFirst = true }
    }

    /// How many answers to host calls have not flown yet.
    var waitingAnswers: Int { waiting.count { $0.stream == .promptResponse } }

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
        with fragmenter: inout MessageFragmenter,
        largestFragment: Int
    ) -> OutgoingData? {
        guard !isAwaitingAck else { return nil }
        let isFirst = last == nil
        guard current != nil || begin(of: pipeline, with: &fragmenter) else { return nil }
        let stream = stream
        var bytes: [UInt8] = []
        cut(into: &bytes, largestFragment)
        while current == nil, let last, waiting.first?.mayShareData(after: last) == true,
            begin(of: pipeline, with: &fragmenter), let current, bytes.count + current.sizeOfRest <= largestFragment
        {
            cut(into: &bytes, largestFragment)
        }
        isAwaitingAck = true
        return OutgoingData(stream: stream, bytes: bytes, isFirst: isFirst)
    }

    private mutating func cut(into bytes: inout [UInt8], _ largestFragment: Int) {
        current?.appendNext(to: &bytes, largest: largestFragment)
        if current?.isAtEnd == true { current = nil }
    }

    /// - Returns: whether there was a message that may fly.
    private mutating func begin(of pipeline: PSGuid, with fragmenter: inout MessageFragmenter) -> Bool {
        guard let message = waiting.first, case .body(let body) = message.content else { return false }
        waiting.removeFirst()
        stream = message.stream
        last = message.type
        current = fragmenter.begin(message.type, body, pipeline: pipeline)
        return true
    }
}
