import CLIXML
import Connections
import PSRP
import PSRunTestSupport
import Synchronization

/// A far side in memory: a server's session that answers each script by what a closure says.
struct MemoryTransport: SessionTransport {
    /// What becomes of a script: its console lines; nil hangs.
    var answer: @Sendable (String) -> [String]? = { [$0] }
    /// Fails instead of connecting.
    var refusal: TransportError?
    /// Whether the far side says nothing at all.
    var isSilent = false
    /// The script at which the far side falls silent for good.
    var lastScript: String?

    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(.subsystem)
        if let refusal { throw refusal }
        timeline.end()
        return try await body(MemoryConnection(answer: answer, isSilent: isSilent, lastScript: lastScript))
    }
}

private final class MemoryConnection: TransportConnection {
    private let server = Mutex(OutOfProcessServer())
    private let answer: @Sendable (String) -> [String]?
    private let isSilent: Atomic<Bool>
    private let lastScript: String?
    private let output: AsyncStream<[UInt8]>
    private let source: AsyncStream<[UInt8]>.Continuation

    init(answer: @escaping @Sendable (String) -> [String]?, isSilent: Bool, lastScript: String?) {
        self.answer = answer
        self.isSilent = Atomic(isSilent)
        self.lastScript = lastScript
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
            while let event = server.nextEvent() { serve(event, &server.session) }
            return server.bytesToSend()
        }
        if !replies.isEmpty { source.yield(replies) }
    }

    private func serve(_ event: ServerEvent, _ server: inout ServerSession) {
        switch event {
        case .opened: server.openPool(privateData: [])
        case .createPipeline(let id, let request):
            let text = request.statements[0][0].text.text
            if text == lastScript { isSilent.store(true, ordering: .relaxed) }
            if text.hasPrefix("$?") {
                for value in [PSValue.bool(true), .string(""), .string("PS /> ")] { server.sendOutput(value, of: id) }
            } else if text == "prompt" {
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
}
