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
    var streams: IncomingStreams
    var lastHostCall: Int64 = 0
    /// What is to be acked when it ends.
    var isSignalled = false
    var isClosing = false

    init(limits: SessionLimits) {
        streams = IncomingStreams(limits: limits)
    }

    /// Bytes of messages that are not whole yet, or wait for the pool to open.
    var unusedBytes: Int {
        guard case .held(let messages) = stage else { return streams.pendingBytes }
        return messages.reduce(streams.pendingBytes) { $0 + $1.body.count }
    }

    var isRunning: Bool {
        if case .running = stage { true } else { false }
    }
}
