package import Connections
import PSRP
package import Sessions
import Synchronization

/// Drives one target's session over its connection: two tasks, one that receives and one that sleeps until a clock or a
/// wish to stop wants it.
package final class TargetDriver: Sendable {
    private struct State {
        var session: PlaybookSession<ClientSession>
        var carriage: OutOfProcessClientCarriage
        /// Where the protocol is to be traced.
        var trace: ProtocolTrace?
        /// Whether a task is handing out what the session made; others leave it to that one.
        var isDraining = false
        var connection: (any TransportConnection)?
        /// Whether nothing waits for the connection any more.
        var hasLeftConnection = false
        var result: TargetResult?
    }

    private enum Work {
        case send([CarriageRequest], any TransportConnection)
        case event(SessionEvent)
    }

    private let plan: TargetPlan
    private let clock: RunClock
    private let heartbeat: Heartbeat
    private let control: RunControl
    private let observer: any SessionObserver
    private let timeline = ConnectionTimeline()
    private let diagnostics = LastDiagnostics()
    private let deadline: ConnectingDeadline?
    private let state: Mutex<State>

    /// The target's time begins now.
    package init(
        _ plan: TargetPlan,
        clock: RunClock,
        heartbeat: Heartbeat,
        control: RunControl,
        observer: some SessionObserver
    ) {
        let now = clock.now
        let options = plan.options
        deadline = plan.connectingTimeout.map { ConnectingDeadline($0, on: clock) }
        self.plan = plan
        self.clock = clock
        self.heartbeat = heartbeat
        self.control = control
        self.observer = observer
        let client = ClientSession(
            configuration: plan.client,
            carriage: .outOfProcess,
            identifiers: RandomIdentifiers(),
            cryptography: plan.cryptography
        )
        state = Mutex(
            State(
                session: PlaybookSession(client: client, playbook: plan.playbook, options: options, at: now),
                carriage: OutOfProcessClientCarriage(limits: plan.client.limits),
                trace: plan.trace
            )
        )
    }

    /// Runs the session to its end, whatever that is; the connection and its process are gone when it returns.
    package func run() async -> TargetResult {
        update(heed)
        if !isFinished {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.converse() }
                group.addTask { await self.watch() }
                await group.next()
                group.cancelAll()
            }
        }
        await drain()
        guard let result = state.withLock({ $0.result }) else {
            preconditionFailure("a session that has ended has a result")
        }
        return result
    }

    /// Connects, and receives until the session is over.
    private func converse() async {
        do {
            try await plan.transport.withConnection(timeline: timeline, deadline: deadline) { connection in
                self.timeline.begin(.psrpOpen)
                self.state.withLock { $0.connection = connection }
                self.update { $0.open(at: $1, by: self.openingLimit) }
                await self.drain()
                while !self.isFinished {
                    await self.take(try await connection.receive())
                }
                self.state.withLock { $0.hasLeftConnection = true }
            }
        } catch let error as TransportError {
            stopWhereWished()
            let phase = error.phase ?? timeline.current
            let failure = TargetFailure(code: error.code.rawValue, message: message(of: error, in: phase))
            update { session, now in
                session.connection(isIn: phase?.name)
                session.fail(failure, at: now)
            }
        } catch {
            stopWhereWished()
            update { $0.fail(TargetFailure(code: "SessionBroken", message: "the connection was given up"), at: $1) }
        }
        timeline.end()
        await drain()
    }

    /// The deadline's last part is the session's: from here on it alone looks at that clock.
    private var openingLimit: OpeningLimit? {
        deadline.map { deadline in
            let error = deadline.failure(of: plan.options.target, in: .psrpOpen)
            let failure = TargetFailure(code: error.code.rawValue, message: message(of: error, in: .psrpOpen))
            return OpeningLimit(due: deadline.due, failure: failure)
        }
    }

    /// What is given up because the run ends has not failed.
    private func stopWhereWished() {
        if let reason = control.stopReason { update { $0.stop(reason, at: $1) } }
    }

    /// The target, the phase, and the transport's words.
    private func message(of error: TransportError, in phase: ConnectionPhase?) -> String {
        let lead = "\(plan.options.target): "
        let words = error.message.hasPrefix(lead) ? String(error.message.dropFirst(lead.count)) : error.message
        return lead + (phase.map { "in phase \($0.name): " } ?? "") + words
    }

    private func take(_ input: TransportInput) async {
        switch input {
        case .output(let bytes):
            hear { $0.receive(bytes) }
        case .diagnostics(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            diagnostics.note(text)
            await observer.observe(diagnostics: text, at: clock.now)
        case .end(let status):
            hear { $0.receiveEnd() }
            let detail = diagnostics.detail(status)
            update { $0.receiveEnd(detail: detail, at: $1) }
        }
        await drain()
    }

    /// Gives the session what its carriage makes of what was received.
    private func hear(_ receive: (inout OutOfProcessClientCarriage) -> [CarriageEvent]) {
        let events = state.withLock { receive(&$0.carriage) }
        trace { $0.lines(of: events) }
        update { $0.receive(events, at: $1) }
    }

    private func trace(_ tell: (inout ProtocolTrace) -> [String]) {
        guard plan.trace != nil else { return }
        let lines = state.withLock { state in
            guard var trace = state.trace.take() else { return [String]() }
            defer { state.trace = trace }
            return tell(&trace)
        }
        for line in lines { observer.observe(trace: line, at: clock.now) }
    }

    /// Sees to what is due, and ends when the session is over while its connection still waits for something.
    private func watch() async {
        let (beats, source) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        heartbeat.add(self) { now in if self.needsAttention(at: now) { source.yield() } }
        defer { heartbeat.remove(self) }
        for await _ in beats {
            let isStuck = state.withLock { state in
                state.session.connection(isIn: timeline.current?.name)
                let now = clock.now
                state.session.tick(at: now)
                heed(&state.session, at: now)
                return state.session.isFinished && !state.hasLeftConnection
            }
            await drain()
            if isStuck { return }
        }
    }

    /// Passes on the wishes to end early that there are.
    private func heed(_ session: inout PlaybookSession<ClientSession>, at now: RunMoment) {
        if let reason = control.stopReason { session.stop(reason, at: now) }
        if let reason = control.endReason { session.endAfterStep(reason, at: now) }
    }

    private func needsAttention(at now: RunMoment) -> Bool {
        let isEnding = control.isEnding
        return state.withLock { state in
            if state.session.isFinished { return !state.hasLeftConnection }
            return isEnding || state.session.isDue(at: now)
        }
    }

    private var isFinished: Bool { state.withLock { $0.session.isFinished } }

    private func update(_ change: (inout PlaybookSession<ClientSession>, RunMoment) -> Void) {
        let now = clock.now
        state.withLock { state in
            state.session.connection(isIn: timeline.current?.name)
            change(&state.session, now)
        }
    }

    /// Sends and tells all that the session has made, in order.
    private func drain() async {
        guard state.withLock({ !$0.isDraining && Self.begin(&$0) }) else { return }
        while let work = nextWork() {
            switch work {
            case .send(let requests, let connection):
                trace { $0.lines(of: requests) }
                let bytes = OutOfProcessClientCarriage.bytes(of: requests)
                // Where it fails, receiving fails as well, and says why.
                if !bytes.isEmpty { try? await connection.send(bytes) }
            case .event(let event): await tell(event)
            }
        }
    }

    private static func begin(_ state: inout State) -> Bool {
        state.isDraining = true
        return true
    }

    private func nextWork() -> Work? {
        state.withLock { state in
            if let connection = state.connection {
                let requests = state.session.requestsToSend()
                if !requests.isEmpty { return .send(requests, connection) }
            }
            if let event = state.session.nextEvent() { return .event(event) }
            state.isDraining = false
            return nil
        }
    }

    private func tell(_ event: SessionEvent) async {
        switch event {
        case .opened:
            timeline.end()
            await observer.observe(event, at: clock.now)
        case .question(let question):
            let answer = await clock.whileAsking { await observer.ask(question) }
            update { session, now in
                if let answer { session.answer(answer, at: now) } else { session.declineAnswer(at: now) }
            }
        case .stepEnded:
            await observer.observe(event, at: clock.now)
            // Where it could not be recorded, the wish to stop for that is there by now, and comes first.
            update { session, now in
                heed(&session, at: now)
                session.stepIsRecorded(at: now)
            }
        case .finished(var result):
            timeline.end()
            result.phasesMicroseconds = Dictionary(
                uniqueKeysWithValues: timeline.durations.map { ($0.key.name, $0.value.microseconds) }
            )
            state.withLock { $0.result = result }
            await observer.observe(.finished(result), at: clock.now)
        default:
            await observer.observe(event, at: clock.now)
        }
    }
}
