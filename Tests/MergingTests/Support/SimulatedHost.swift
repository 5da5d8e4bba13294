import CLIXML
import Connections
import PSRP
import PSRunTestSupport
import Synchronization

/// A far side in memory: a server's session that answers each line with itself.
struct SimulatedHost: ByteTransport {
    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        try await body(SimulatedConnection())
    }
}

private final class SimulatedConnection: TransportConnection {
    private let server = Mutex(OutOfProcessServer())
    private let output: AsyncStream<[UInt8]>
    private let source: AsyncStream<[UInt8]>.Continuation

    init() {
        (output, source) = AsyncStream.makeStream()
    }

    func receive() async throws -> TransportInput {
        for await bytes in output { return .output(bytes) }
        try Task.checkCancellation()
        return .end(.code(0))
    }

    func send(_ bytes: [UInt8]) async throws {
        let replies = try server.withLock { server in
            try server.receive(bytes)
            while let event = server.nextEvent() { Self.serve(event, &server.session) }
            return server.bytesToSend()
        }
        if !replies.isEmpty { source.yield(replies) }
    }

    private static func serve(_ event: ServerEvent, _ server: inout ServerSession) {
        switch event {
        case .opened: server.openPool(privateData: [])
        case .createPipeline(let id, let request):
            let text = request.statements[0][0].text.text
            if text.hasPrefix("$?") {
                for value in [PSValue.bool(true), .string(""), .string("PS /> ")] { server.sendOutput(value, of: id) }
            } else if !request.addToHistory {
                server.sendOutput(.string("PS /> "), of: id)
            } else {
                _ = server.callHost(.writeLine2, [.string(PSString(text))], pipeline: id)
            }
            server.sendState(.completed, of: id)
        case .signal(let id): server.sendState(.stopped, of: id)
        case .closePool: server.finishClose()
        default: break
        }
    }
}
