import CLIXML
import Connections
import PSRP
import PSRunTestSupport
import Synchronization

/// A session over a transport that runs lines, one after the other, and tells what came of each.
struct Visit: Sendable {
    /// How a line ended, as far as its session could tell.
    enum Ending: Sendable, Hashable {
        case ended(PipelineState)
        /// Its pipeline was lost, or the session was, after it was sent.
        case unknown(String)
        case notSent
    }

    struct Outcome: Sendable {
        var lines: [Ending] = []
        var output: [String] = []
        /// Why the session ended, where it did not by itself.
        var failure: String?
        var code: String?
        var phase: ConnectionPhase?
        var durations: [ConnectionPhase: Duration] = [:]
        var took = Duration.zero
    }

    /// What a session was asked and said, shared by the task that drives it and the one that looks at it.
    private final class State: Sendable {
        let outcome = Mutex(Outcome())
    }

    let lines: [String]
    /// Called on each line of output.
    var heard: @Sendable (String) -> Void = { _ in }
    /// A line that says this is stopped.
    static let stopsAt = "stop me"
    let limit: Duration

    init(_ lines: [String], limit: Duration = .seconds(20)) {
        self.lines = lines
        self.limit = limit
    }

    /// Opens, runs, closes.
    func run(over transport: any SessionTransport) async -> Outcome {
        let state = State()
        let timeline = ConnectionTimeline()
        let start = ContinuousClock.now
        do {
            try await transport.withSession(
                limits: .ofClient,
                timeline: timeline,
                deadline: ConnectingDeadline(limit, on: RunClock())
            ) { connection in
                timeline.begin(transport.firstWord ?? .subsystem)
                try await converse(connection, transport.carriage, state)
            }
        } catch let error as TransportError {
            state.outcome.withLock { outcome in
                outcome.failure = error.message
                outcome.code = error.code.rawValue
                outcome.phase = error.phase ?? timeline.current
            }
        } catch {
            state.outcome.withLock { $0.failure = "\(error)" }
        }
        timeline.end()
        return state.outcome.withLock { outcome in
            // What was sent and did not end is unknown.
            outcome.durations = timeline.durations
            outcome.took = .now - start
            while outcome.lines.count < lines.count { outcome.lines.append(.notSent) }
            return outcome
        }
    }

    private func converse(_ connection: any SessionConnection, _ carriage: CarriageTraits, _ state: State) async throws
    {
        var client = ClientSession(
            configuration: ClientConfiguration(),
            carriage: carriage,
            identifiers: OwnIdentifiers(),
            cryptography: nil
        )
        var rest = lines[...]
        client.open()
        while true {
            let requests = client.requestsToSend()
            // Until it is known how a line ended, it may have run.
            for request in requests {
                guard case .command = request else { continue }
                state.outcome.withLock { $0.lines.append(.unknown("the session was lost")) }
            }
            if !requests.isEmpty { try await connection.send(requests) }
            switch try await connection.receive() {
            case .events(let events): try client.receive(events)
            case .diagnostics: continue
            case .end: try client.receiveEnd()
            }
            while let event = client.nextEvent() {
                switch event {
                case .opened: next(&client, &rest)
                case .output(let pipeline, let value):
                    let text = value.text ?? "\(value)"
                    note(text, state)
                    if text.contains(Self.stopsAt) { client.stop(pipeline) }
                case .hostCall(let call):
                    if case .string(let text)? = call.parameters.last {
                        note(text.text, state)
                        if let pipeline = call.pipeline, text.text.contains(Self.stopsAt) { client.stop(pipeline) }
                    }
                    // Who asks is answered.
                    if call.needsReply { try client.reply(.result(.string(PSString("ran"))), to: call) }
                case .ended(_, let ending, let error):
                    state.outcome.withLock { outcome in
                        let isLost = error?.fullyQualifiedErrorID == "PipelineLost"
                        outcome.lines[outcome.lines.count - 1] =
                            isLost ? .unknown("the pipeline was lost") : .ended(ending)
                    }
                    next(&client, &rest)
                case .closed: return
                default: break
                }
            }
        }
    }

    private func next(_ client: inout ClientSession, _ rest: inout ArraySlice<String>) {
        if let line = rest.popFirst() { _ = client.create(.line(PSString(line))) } else { client.close() }
    }

    private func note(_ text: String, _ state: State) {
        state.outcome.withLock { $0.output.append(text) }
        heard(text)
    }
}

/// GUIDs that nobody else has: shells of one server are named by them.
struct OwnIdentifiers: IdentifierSource {
    private static let last = Mutex<UInt64>(0)

    mutating func nextIdentifier() -> PSGuid {
        PSGuid(
            high: 0x4000,
            low: Self.last.withLock { last in
                last += 1
                return last
            }
        )
    }
}
