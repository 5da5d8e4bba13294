import Connections
import EventLoops
package import Files
import KeptSessions
import PSRP
import Sessions
import Synchronization

/// What carries a session that the broker keeps: connects as a run would, and passes bytes on between the broker's socket
/// and the far side until either ends. Questions for a person go to whoever opens the session, over the same socket.
package struct SessionCarrier: Sendable {
    private let port: CarrierPort
    private let group: LoopGroup
    private let hasPerson: Bool
    private let began: ContinuousClock.Instant

    /// - Parameters:
    ///   - socket: to the broker.
    ///   - hasPerson: whether somebody can be asked.
    ///   - spent: how long ago the opening began.
    /// - Throws: NoDescriptor
    package init(_ socket: FileDescriptor, hasPerson: Bool, spent: Duration) throws(NoDescriptor) {
        group = try LoopGroup(count: 1)
        port = CarrierPort(socket, on: group.loops[0])
        self.hasPerson = hasPerson
        began = ContinuousClock.now - spent
    }

    /// Tells the opener why the session cannot be opened.
    package func refuse(_ message: String, exitCode: Int32) async {
        await port.begin()
        await port.tell(.failed(exitCode: Int(exitCode), message))
        await port.close()
        await group.close()
    }

    /// Carries the session of a plan's one target; returns when it is over.
    package func run(_ plan: RunPlan, mask: SecretMask) async {
        await port.begin()
        let control = RunControl()
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await read(mask) }
            tasks.addTask { await carry(plan, mask, control) }
            // Whichever ends first: without the broker there is nothing to carry for.
            await tasks.next()
            control.stop(.interrupt)
            tasks.cancelAll()
        }
        await port.close()
        await group.close()
    }

    /// Takes what the broker sends, until either is gone.
    private func read(_ mask: SecretMask) async {
        do {
            try await port.read()
        } catch {
            // Any other error says that the session was given up.
            let reason = (error as? TransportError)?.message ?? (error as? PSRPError)?.message
            if let reason { await port.end(mask.masked(reason)) }
        }
    }

    private func carry(_ plan: RunPlan, _ mask: SecretMask, _ control: RunControl) async {
        guard let target = plan.targets.first, plan.targets.count == 1 else {
            return await port.tell(
                .failed(exitCode: 2, "A kept session has one target, and \(plan.targets.count) are selected.")
            )
        }
        let person: (any Person)? = hasPerson ? port : nil
        let clock = plan.clock
        let ways = WaysIn(
            plan,
            credentials: RunCredentials(plan, person: person, clock: clock, control: control, mask: mask),
            person: person,
            clock: clock,
            control: control,
            warn: { [port] text in Task { await port.tell(.remark(mask.masked(text))) } }
        )
        let transport = ways.transport(to: target, on: group.loops[0])
        await transport.withTurn { await connect(transport, target, plan, mask) }
        await ways.close()
    }

    private func connect(_ transport: any SessionTransport, _ target: RunTarget, _ plan: RunPlan, _ mask: SecretMask)
        async
    {
        let timeline = ConnectionTimeline()
        let limit = plan.connectingTimeout(of: target)
        let name = plan.connectingTimeoutName(of: target)
        let deadline = limit.map {
            ConnectingDeadline($0, on: plan.clock, name: name, spent: ContinuousClock.now - began)
        }
        do {
            if let transport = transport as? any ByteTransport {
                try await transport.withConnection(timeline: timeline, deadline: deadline) { connection in
                    try await pass(connection, target, deadline, mask)
                }
            } else {
                try await transport.withSession(limits: .ofClient, timeline: timeline, deadline: deadline) { session in
                    let bytes =
                        (session as? OutOfProcessConnection)?.connection ?? FramedSession(session, transport.carriage)
                    for remark in timeline.takeRemarks() {
                        await port.tell(.remark(mask.masked("\(target.name): \(remark)")))
                    }
                    try await pass(bytes, target, deadline, mask, firstWord: transport.firstWord)
                }
            }
        } catch let error as TransportError {
            let failure = error.failure(of: target.name, in: error.phase ?? timeline.current)
            let words = error.words(without: target.name)
            await port.end(.failed(exitCode: 4, mask.masked(failure.message)), mask.masked(words))
        } catch let error as PSRPError {
            await port.end(.failed(exitCode: 4, mask.masked(error.message)), mask.masked(error.message))
        } catch {
            // The broker is gone, or the far side takes no more.
        }
    }
}

extension SessionCarrier {
    /// Passes on what the far side sends, until it ends.
    private func pass(
        _ connection: any TransportConnection,
        _ target: RunTarget,
        _ deadline: ConnectingDeadline?,
        _ mask: SecretMask,
        firstWord: ConnectionPhase? = nil
    ) async throws {
        let late = firstWord.map { phase in
            let message = deadline?.failure(of: target.name, in: phase).words(without: target.name) ?? ""
            return ControlReply.FirstWord(phase: phase.name, late: mask.masked(message))
        }
        let left = deadline.map { Int(max(.zero, $0.left) / .milliseconds(1)) }
        let diagnostics = LastDiagnostics()
        await port.connect(
            connection,
            .connected(target: mask.masked(target.name), milliseconds: left, firstWord: late)
        )
        while true {
            switch try await connection.receive() {
            case .output(let bytes): try await port.pass(bytes)
            case .diagnostics(let bytes): diagnostics.note(String(decoding: bytes, as: UTF8.self))
            case .end(let status):
                let reason = mask.masked("the far side has ended" + diagnostics.detail(status))
                return await port.end(reason)
            }
        }
    }
}

/// The carrier's socket to the broker: lines until the connection stands, and then bytes.
private final class CarrierPort: Person {
    private struct State {
        var reader = ControlReader()
        var connection: (any TransportConnection)?
        var question: CheckedContinuation<String?, Never>?
        var isOver = false
        var hasSaidWhy = false
    }

    private let stream: UnixStream
    private let socket: FileDescriptor
    private let state = Mutex(State())

    init(_ socket: FileDescriptor, on loop: EventLoop) {
        self.socket = socket
        stream = UnixStream(
            loop: loop,
            gone: TransportError(.connectionLost, phase: nil, "the broker has ended, or has closed the session.")
        )
    }

    func begin() async { try? await stream.begin(socket) }

    func close() async { await stream.close() }

    func tell(_ reply: ControlReply) async {
        guard state.withLock({ $0.connection == nil }) else { return }
        try? await stream.outbox.send(ControlLine.encode(reply.fields))
    }

    /// Tells why nothing is carried any more: the opener, or where the session was open, whoever asks for it.
    func end(_ reply: ControlReply, _ reason: String) async {
        guard state.withLock({ $0.connection != nil }) else { return await tell(reply) }
        await end(reason)
    }

    /// Tells why nothing is carried any more, once bytes have followed. The first reason is the cause of others.
    func end(_ reason: String) async {
        let isFirst = state.withLock { state in
            defer { state.hasSaidWhy = true }
            return !state.hasSaidWhy
        }
        if isFirst { try? await stream.outbox.send(CarrierWords.line(reason)) }
    }

    /// Says the last line; bytes follow.
    func connect(_ connection: any TransportConnection, _ last: ControlReply) async {
        // The broker begins as soon as it has the line: what it sends then is the far side's.
        state.withLock { $0.connection = connection }
        try? await stream.outbox.send(ControlLine.encode(last.fields))
    }

    func pass(_ bytes: [UInt8]) async throws { try await stream.outbox.send(bytes) }

    /// Takes what the broker sends, until it is gone.
    /// - Throws: where the far side takes no more.
    func read() async throws {
        defer {
            let question = state.withLock { state in
                state.isOver = true
                return state.question.take()
            }
            question?.resume(returning: nil)
        }
        while case .output(let bytes)? = try? await stream.inbox.receive() {
            if let connection = state.withLock({ $0.connection }) {
                try await connection.send(bytes)
                let answers = (connection as? FramedSession)?.takeAnswers() ?? []
                if !answers.isEmpty { guard (try? await pass(answers)) != nil else { return } }
            } else {
                hear(bytes)
            }
        }
    }

    private func hear(_ bytes: [UInt8]) {
        let lines = state.withLock { $0.reader.receive(bytes) }
        for case .answer(let text)? in lines.map({ ControlRequest($0) }) {
            state.withLock { $0.question.take() }?.resume(returning: text)
        }
    }

    func ask(_ text: String, _ kind: Question.Kind, isOver: @escaping @Sendable () -> Bool) async -> String? {
        await tell(.ask(text, isSecret: kind == .secret))
        return await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.question = continuation }
                return state.isOver
            }
            if isOver { continuation.resume(returning: nil) }
        }
    }
}
