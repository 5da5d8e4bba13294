package import Connections
import PSRP
import Playbooks
package import Sessions
import Synchronization

/// Drives one target's session over its connection: two tasks, one that receives and one that sleeps until a clock or a
/// wish to stop wants it.
package final class TargetDriver: Sendable {
    private typealias Session = PlaybookSession<ClientSession>
    private typealias Change = @Sendable (inout Session, RunMoment) -> Void

    private struct State {
        /// nil while it is lent to a thread that decodes something large.
        var session: Session?
        /// What is to be done to the session once it is back.
        var postponed: [Change] = []
        /// Whether the session was lent, and what it made meanwhile is not all handed out yet.
        var mayHaveMadeLarge = false
        /// Where the protocol is to be traced.
        var trace: ProtocolTrace?
        /// Whether a task is handing out what the session made; others leave it to that one.
        var isDraining = false
        /// Whether that task tells an event, and so reads nothing meanwhile.
        var isTelling = false
        var connection: (any SessionConnection)?
        /// Whether nobody who reads what is told is waited for any more.
        var hasHurried = false
        /// Whether nothing waits for the connection any more.
        var hasLeftConnection = false
        var result: TargetResult?

        mutating func change(at now: RunMoment, in phase: String?, _ change: @escaping Change) {
            let isThere: Void? = session?.inPlace { session in
                session.connection(isIn: phase)
                change(&session, now)
            }
            if isThere == nil { postponed.append(change) }
        }
    }

    private enum Work {
        case send([CarriageRequest], any SessionConnection)
        case event(SessionEvent, mayBeLarge: Bool)
    }

    /// What brings more than this to be decoded is read by a thread that is not a loop's: it may take longer than other
    /// targets should wait. So is all where prompts are matched with patterns.
    private static let largeBytes = 64 << 10

    private let plan: TargetPlan
    /// The target's own: it stands still for its questions, and for nobody else's.
    private let clock: RunClock
    private let askedClocks: AskedClocks
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
        let clock = clock.forTarget()
        let now = clock.now
        let options = plan.options
        deadline = plan.deadline(on: clock)
        self.plan = plan
        self.clock = clock
        askedClocks = AskedClocks(clock)
        self.heartbeat = heartbeat
        self.control = control
        self.observer = observer
        let client = ClientSession(
            configuration: plan.client,
            carriage: plan.transport.carriage,
            identifiers: RandomIdentifiers(),
            cryptography: plan.cryptography
        )
        state = Mutex(
            State(
                session: PlaybookSession(client: client, playbook: plan.playbook, options: options, at: now),
                trace: plan.trace
            )
        )
    }

    /// Runs the session to its end, whatever that is; the connection and its process are gone when it returns.
    package func run() async -> TargetResult {
        observer.connects { [timeline] in timeline.current?.name }
        return await AskedClocks.$current.withValue(askedClocks) { await runToItsEnd() }
    }

    private func runToItsEnd() async -> TargetResult {
        update { self.heed(&$0, at: $1) }
        if let refusal = plan.options.start.refusal { update { $0.refuse(refusal, at: $1) } }
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
            let limits = plan.client.limits
            try await plan.transport.withSession(limits: limits, timeline: timeline, deadline: deadline) { connection in
                self.timeline.begin(self.plan.transport.firstWord ?? .psrpOpen)
                await self.tellBanner()
                self.state.withLock { $0.connection = connection }
                self.update { $0.open(at: $1, by: self.openingLimit(in: self.plan.transport.firstWord ?? .psrpOpen)) }
                await self.drain()
                while !self.isFinished {
                    let input = try await connection.receive()
                    if self.mayMakeLarge {
                        await self.elsewhere { await self.take(input) }
                    } else {
                        await self.take(input)
                    }
                }
                self.state.withLock { $0.hasLeftConnection = true }
            }
        } catch let error as TransportError {
            await tellBanner()
            stopWhereWished()
            let phase = error.phase ?? timeline.current
            let failure = error.failure(of: plan.options.target, in: phase)
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

    private func tellBanner() async {
        if let banner = timeline.takeBanner() { await observer.observe(banner: banner, at: clock.now) }
        for remark in timeline.takeRemarks() { await observer.observe(.remark(remark), at: clock.now) }
    }

    /// Whether what is sent next may be large: a line, or the whole playbook with the question for its blocks.
    private var mayMakeLarge: Bool {
        let playbook = plan.playbook
        let isOpening = timeline.current != nil
        return playbook.longestLineBytes > Self.largeBytes || isOpening && playbook.textBytes > Self.largeBytes
    }

    private func openingLimit(in phase: ConnectionPhase) -> OpeningLimit? {
        deadline?.openingLimit(of: plan.options.target, in: phase)
    }

    /// The far side has said something: what is waited for from now on is its pool.
    private func endFirstWord() {
        guard let phase = plan.transport.firstWord, timeline.current == phase else { return }
        timeline.begin(.psrpOpen)
        update { session, _ in session.bound(openingBy: self.openingLimit(in: .psrpOpen)) }
    }

    /// What is given up because the run ends has not failed.
    private func stopWhereWished() {
        if let reason = control.stopReason { update { $0.stop(reason, at: $1) } }
    }

    private func take(_ input: SessionInput) async {
        switch input {
        case .events(let events): await hear(events)
        case .diagnostics(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            diagnostics.note(text)
            await observer.observe(diagnostics: text, at: clock.now)
        case .end(let status):
            let detail = diagnostics.detail(status)
            update { $0.receiveEnd(detail: detail, at: $1) }
        }
        await drain()
    }

    /// Gives the session what was received.
    private func hear(_ events: [CarriageEvent]) async {
        // What only says why it cannot go on is not a word of the pool's.
        if events.first?.isBreak != true { endFirstWord() }
        let (now, phase) = (clock.now, timeline.current?.name)
        let largest = plan.options.answers.isEmpty ? Self.largeBytes : 0
        let told: [String]? = state.withLock { state in
            let unread = state.session?.inPlace { $0.unreadBytes } ?? 0
            guard unread + events.size <= largest else { return nil }
            let lines = state.trace?.lines(of: events)
            state.change(at: now, in: phase) { $0.receive(events, at: $1) }
            return lines ?? []
        }
        if let told { return tell(told) }
        await elsewhere {
            self.trace { $0.lines(of: events) }
            self.lend { $0.receive(events, at: $1) }
        }
    }

    /// Changes the session for as long as that takes; what others want of it meanwhile is done when it is back.
    private func lend(_ change: @escaping Change) {
        let phase = timeline.current?.name
        guard var session = state.withLock({ $0.session.take() }) else { return update(change) }
        session.connection(isIn: phase)
        change(&session, clock.now)
        let now = clock.now
        state.withLock { [session] state in
            state.session = session
            state.mayHaveMadeLarge = true
            let postponed = state.postponed
            state.postponed = []
            for change in postponed { state.change(at: now, in: phase, change) }
        }
    }

    /// Does what may take long on a thread that is not a loop's.
    private func elsewhere(_ work: @Sendable () async -> Void) async {
        await withTaskExecutorPreference(globalConcurrentExecutor) { await work() }
    }

    private func trace(_ tell: (inout ProtocolTrace) -> [String]) {
        guard plan.trace != nil else { return }
        let lines = state.withLock { state in
            guard var trace = state.trace.take() else { return [String]() }
            defer { state.trace = trace }
            return tell(&trace)
        }
        self.tell(lines)
    }

    private func tell(_ trace: [String]) {
        for line in trace { observer.observe(trace: line, at: clock.now) }
    }

    /// Sees to what is due, and ends when the session is over while its connection still waits for something.
    private func watch() async {
        let (beats, source) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        heartbeat.add(self) { _ in if self.needsAttention(at: self.clock.now) { source.yield() } }
        defer { heartbeat.remove(self) }
        for await _ in beats {
            // Where it is in use for long, the clocks are looked at again when it is free.
            var hurries = false
            let isStuck = state.withLockIfAvailable { state in
                let isTelling = state.isTelling
                let opening = state.connection == nil ? nil : timeline.current
                state.change(at: clock.now, in: timeline.current?.name) { session, now in
                    // A login may be a part of the opening: what is waited for now is what ran out of time.
                    if let opening, opening != .psrpOpen { session.bound(openingBy: self.openingLimit(in: opening)) }
                    if isTelling { session.isNotRead(at: now) }
                    session.tick(at: now)
                    self.heed(&session, at: now)
                }
                hurries = state.session?.inPlace { $0.isStopping } == true
                if hurries { state.hasHurried = true }
                return state.session?.inPlace { $0.isFinished } == true && !state.hasLeftConnection
            }
            // What tells of the session's events may wait for a reader: the Signal comes behind them.
            if hurries { observer.hurry() }
            guard let isStuck else { continue }
            await drain()
            if isStuck { return }
        }
    }

    /// Passes on the wishes to end early that there are.
    private func heed(_ session: inout Session, at now: RunMoment) {
        if let reason = control.stopReason { session.stop(reason, at: now) }
        if let reason = control.endReason { session.endAfterStep(reason, at: now) }
    }

    private func needsAttention(at now: RunMoment) -> Bool {
        let isEnding = control.isEnding
        let needsIt = state.withLockIfAvailable { state in
            let (hasLeftConnection, hasHurried) = (state.hasLeftConnection, state.hasHurried)
            return state.session?.inPlace { session in
                session.isFinished
                    ? !hasLeftConnection
                    : isEnding || session.isDue(at: now) || session.isStopping && !hasHurried
            } ?? false
        }
        return needsIt ?? false
    }

    private var isFinished: Bool { state.withLock { $0.session?.inPlace { $0.isFinished } ?? false } }

    private func update(_ change: @escaping Change) {
        let now = clock.now
        state.withLock { $0.change(at: now, in: timeline.current?.name, change) }
    }

    /// Sends and tells all that the session has made, in order.
    private func drain() async {
        guard state.withLock({ !$0.isDraining && Self.begin(&$0) }) else { return }
        while let work = nextWork() {
            guard case .event(_, mayBeLarge: true) = work else {
                await handOut(work)
                continue
            }
            // Another thread for each would cost more than most of them do.
            return await elsewhere {
                await self.handOut(work)
                while let next = self.nextWork() { await self.handOut(next) }
            }
        }
    }

    private func handOut(_ work: Work) async {
        switch work {
        case .send(let requests, let connection):
            trace { $0.lines(of: requests) }
            // Where it fails, receiving fails as well, and says why.
            try? await connection.send(requests)
        case .event(let event, _): await tell(event)
        }
    }

    private static func begin(_ state: inout State) -> Bool {
        state.isDraining = true
        return true
    }

    private func nextWork() -> Work? {
        state.withLock { state in
            state.isTelling = false
            if let connection = state.connection, let requests = state.session?.requestsToSend(), !requests.isEmpty {
                return .send(requests, connection)
            }
            if let event = state.session?.nextEvent() {
                state.isTelling = true
                return .event(event, mayBeLarge: state.mayHaveMadeLarge)
            }
            if state.session != nil { state.mayHaveMadeLarge = false }
            // Where the session is lent, who lent it goes on.
            state.isDraining = false
            return nil
        }
    }

    private func tell(_ event: SessionEvent) async {
        switch event {
        case .opened:
            timeline.end()
            await observer.observe(event, at: clock.now)
            guard plan.options.recordsBeforeSending else { return }
            update { session, now in
                self.heed(&session, at: now)
                session.openingIsRecorded(at: now)
            }
        case .input:
            await observer.observe(event, at: clock.now)
            guard plan.options.recordsBeforeSending else { return }
            update { session, now in
                self.heed(&session, at: now)
                session.textIsRecorded(at: now)
            }
        case .question(let question):
            let answer = await askedClocks.whileAsking { await observer.ask(question) }
            update { session, now in
                if let answer { session.answer(answer, at: now) } else { session.declineAnswer(at: now) }
            }
        case .stepEnded:
            await observer.observe(event, at: clock.now)
            // Where it could not be recorded, the wish to stop for that is there by now, and comes first.
            update { session, now in
                self.heed(&session, at: now)
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
