import CLIXML
import Connections
import Glibc
import PSRP
import PSRunTestSupport
import Synchronization

/// A host in memory with a file of its own, to which it writes each line of the playbook before it answers: what it wrote, it
/// ran, whatever becomes of psrun. It answers at once or a little later.
struct SimulatedHost: ByteTransport {
    /// Lines with a block of three, and a comment.
    static let playbook = "step-1\nstep-2\n{\nstep-4\n}\nstep-6\n# a word\nstep-8\n"
    /// Where the statements are, as a PowerShell's parser tells it.
    private static let parts = "0 0 6 0 7 13 0 14 24 0 25 31 0 41 47"

    let log: String
    let delays: SplitMix64
    /// Whether its parser can be asked for the whole playbook.
    let cuts: Bool

    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        try await body(SimulatedConnection(host: self))
    }

    /// Runs a text: each of its lines leaves a trace.
    fileprivate func run(_ text: String) {
        let traces = Array((text + "\n").utf8)
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0, write(file, traces, traces.count) == traces.count, close(file) == 0 else { fatalError(log) }
    }

    fileprivate func serve(_ event: ServerEvent, _ server: inout ServerSession) {
        switch event {
        case .opened: server.openPool(privateData: [])
        case .createPipeline(let id, let request):
            let text = request.statements[0][0].text.text
            if text.hasPrefix("$?") {
                for value in [PSValue.bool(true), .string(""), .string("PS /> ")] { server.sendOutput(value, of: id) }
            } else if !request.addToHistory {
                if cuts, text.hasPrefix("&{") {
                    server.sendOutput(.int32(Int32(Self.playbook.utf16.count)), of: id)
                    server.sendOutput(.string(PSString(Self.parts)), of: id)
                    server.sendOutput(.int32(0), of: id)
                }
                server.sendOutput(.string("PS /> "), of: id)
            } else if text.contains("{"), !text.contains("}") {
                let error = ErrorRecord.make(
                    message: "Missing closing '}'",
                    errorID: "IncompleteInput",
                    category: 17,
                    reason: "IncompleteParseException"
                )
                return server.sendState(.failed, error, of: id)
            } else {
                run(text)
                _ = server.callHost(.writeLine2, [.string("ran")], pipeline: id)
            }
            server.sendState(.completed, of: id)
        case .signal(let id): server.sendState(.stopped, of: id)
        case .closePool: server.finishClose()
        default: break
        }
    }
}

private final class SimulatedConnection: TransportConnection {
    private let host: SimulatedHost
    private let server = Mutex(OutOfProcessServer())
    private let delays: Mutex<SplitMix64>
    private let output: AsyncStream<[UInt8]>
    private let source: AsyncStream<[UInt8]>.Continuation

    init(host: SimulatedHost) {
        self.host = host
        delays = Mutex(host.delays)
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
            while let event = server.nextEvent() { host.serve(event, &server.session) }
            return server.bytesToSend()
        }
        guard !replies.isEmpty else { return }
        let delay = delays.withLock { Int.random(in: 0..<8, using: &$0) }
        guard delay > 4 else {
            source.yield(replies)
            return
        }
        Task { [source] in
            try? await Task.sleep(for: .milliseconds(delay))
            source.yield(replies)
        }
    }
}
