import CLIXML
import Connections
import PSRP
import PSRunTestSupport
import Synchronization

/// A far side in memory: a server's session that answers each script by what a closure says.
struct MemoryTransport: ByteTransport {
    /// What becomes of a script: its console lines; nil hangs.
    var answer: @Sendable (String) -> [String]? = { [$0] }
    /// Fails instead of connecting.
    var refusal: TransportError?
    /// Whether the far side says nothing at all.
    var isSilent = false
    /// The script at which the far side falls silent for good.
    var lastScript: String?
    /// Whether what is asked before the first line is answered.
    var hasPrompt = true

    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(.subsystem)
        if let refusal { throw refusal }
        timeline.end()
        return try await body(MemoryConnection(self))
    }
}

private final class MemoryConnection: TransportConnection {
    private let server = Mutex(OutOfProcessServer())
    private let answer: @Sendable (String) -> [String]?
    private let isSilent: Atomic<Bool>
    private let lastScript: String?
    private let hasPrompt: Bool
    private let output: AsyncStream<[UInt8]>
    private let source: AsyncStream<[UInt8]>.Continuation

    init(_ transport: MemoryTransport) {
        answer = transport.answer
        isSilent = Atomic(transport.isSilent)
        lastScript = transport.lastScript
        hasPrompt = transport.hasPrompt
        (output, source) = AsyncStream.makeStream()
    }

    func receive() async throws -> TransportInput {
        for await bytes in output { return .output(bytes) }
        try Task.checkCancellation()
        return .end(.code(0))
    }

    func send(_ bytes: [UInt8]) async throws {
        guard !isSilent.load(ordering: .relaxed) else { return }
        let replies = try server.withLock { server in
            try server.receive(bytes)
            while let event = server.nextEvent() {
                serve(event, &server.session, answer, willRun, hasPrompt: hasPrompt)
            }
            return server.bytesToSend()
        }
        if !replies.isEmpty { source.yield(replies) }
    }

    private func willRun(_ script: String) {
        if script == lastScript { isSilent.store(true, ordering: .relaxed) }
    }
}

/// A far side without bytes, whose carriage is as WSMan's: Commands carry the first fragment, and an answer acknowledges
/// each request.
struct DirectTransport: SessionTransport {
    /// The sizes of what came.
    let sizes: @Sendable (Int) -> Void

    var carriage: CarriageTraits { CarriageTraits(largestFragment: 2_000, commands: .carryFirstFragment) }

    func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        try await body(DirectConnection(sizes: sizes))
    }
}

private final class DirectConnection: SessionConnection {
    private let server = Mutex(ServerSession(configuration: ServerConfiguration()))
    private let sizes: @Sendable (Int) -> Void
    private let output: AsyncStream<[CarriageEvent]>
    private let source: AsyncStream<[CarriageEvent]>.Continuation

    init(sizes: @escaping @Sendable (Int) -> Void) {
        self.sizes = sizes
        (output, source) = AsyncStream.makeStream()
    }

    func receive() async throws -> SessionInput {
        for await events in output { return .events(events) }
        try Task.checkCancellation()
        return .end(.code(0))
    }

    func send(_ requests: [CarriageRequest]) async throws {
        for request in requests {
            switch request {
            case .command(_, let bytes), .data(_, _, let bytes): sizes(bytes.count)
            case .open, .signal, .close, .negotiated: break
            }
            let events = try server.withLock { server in
                try server.receive(request)
                while let event = server.nextEvent() { serve(event, &server, { [$0] }, { _ in }) }
                return server.eventsToSend()
            }
            source.yield(events)
        }
    }
}

private func serve(
    _ event: ServerEvent,
    _ server: inout ServerSession,
    _ answer: (String) -> [String]?,
    _ willRun: (String) -> Void,
    hasPrompt: Bool = true
) {
    switch event {
    case .opened: server.openPool(privateData: [])
    case .createPipeline(let id, let request):
        let text = request.statements[0][0].text.text
        willRun(text)
        if text.hasPrefix("$?") {
            for value in [PSValue.bool(true), .string(""), .string("PS /> ")] { server.sendOutput(value, of: id) }
        } else if !request.addToHistory {
            guard hasPrompt else { return }
            server.sendOutput(.string("PS /> "), of: id)
        } else {
            guard let lines = answer(text) else { return }
            for line in lines {
                _ = server.callHost(.writeLine2, [.string(line)], pipeline: id)
            }
        }
        server.sendState(.completed, of: id)
    case .signal(let id):
        server.sendState(.stopped, of: id)
    case .closePool: server.finishClose()
    default: break
    }
}
