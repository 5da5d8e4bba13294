import CLIXML

/// A target's two streams on a server: a client's answers to host calls have one of their own.
struct IncomingStreams: Sendable {
    private var standard: FragmentReassembler
    private var promptResponse: FragmentReassembler

    init(limits: SessionLimits) {
        standard = FragmentReassembler(limits: limits)
        promptResponse = FragmentReassembler(limits: limits)
    }

    mutating func receive(
        _ bytes: [UInt8],
        _ stream: CarriageStream
    ) throws(PSRPError) -> [[UInt8]] {
        switch stream {
        case .standard: try standard.receive(bytes)
        case .promptResponse: try promptResponse.receive(bytes)
        }
    }

    /// Bytes of messages that are not whole yet.
    var pendingBytes: Int { standard.pendingBytes + promptResponse.pendingBytes }
}

/// A pipeline of a server's, from its Command to its Close.
struct ServerPipeline: Sendable {
    enum Stage: Sendable {
        /// Its Command came.
        case announced
        /// What creates it came before the pool was open, and perhaps more.
        case held([Message])
        case running
        case ended
    }

    var stage = Stage.announced
    /// Bytes of what is held, with what a message costs beside its body.
    private(set) var heldBytes = 0
    var streams: IncomingStreams
    var lastHostCall: Int64 = 0
    /// What is to be acked when it ends.
    var isSignalled = false
    var isClosing = false

    init(limits: SessionLimits) {
        streams = IncomingStreams(limits: limits)
    }

    /// Bytes of messages that are not whole yet, or wait for the pool to open.
    var unusedBytes: Int { streams.pendingBytes + heldBytes }

    /// Keeps a message until the pool is open.
    mutating func hold(_ message: Message) {
        let messageOverhead = 256
        heldBytes += message.body.count + messageOverhead
        guard case .held(var messages) = stage else {
            stage = .held([message])
            return
        }
        // What is held is taken out while it grows, so that it is never copied.
        stage = .announced
        messages.append(message)
        stage = .held(messages)
    }

    /// What was held is used.
    mutating func release() { heldBytes = 0 }

    var isRunning: Bool {
        if case .running = stage { true } else { false }
    }
}
