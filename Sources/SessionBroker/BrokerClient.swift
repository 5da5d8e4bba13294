import Connections
package import EventLoops
import Files
package import KeptSessions
import Threads

/// This user's broker, asked by one request.
package struct BrokerClient: Sendable {
    private let place: BrokerPlace
    private let loop: EventLoop
    /// Told what a person should know.
    private let remark: @Sendable (String) -> Void

    package init(
        _ place: BrokerPlace,
        loop: EventLoop,
        remark: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.place = place
        self.loop = loop
        self.remark = remark
    }

    /// Those that are kept, in the order of their ids; none where no broker runs.
    /// - Parameter limit: how long that may take; nil for the standard.
    /// - Throws: BrokerError; what the waiting task is cancelled by.
    package func sessions(within limit: Duration? = nil) async throws -> [KeptSession] {
        try await CallTime(limit, at: place).bound { _ in
            guard let call = try await connect(startsOne: false) else { return [] }
            return try await call.ending {
                try await call.say([.list])
                return try await call.sessions()
            }
        }
    }

    /// Closes one session, or all.
    /// - Parameters:
    ///   - choice: nil for all.
    ///   - limit: as for `sessions`.
    /// - Returns: those that were closed.
    package func close(_ choice: KeptSessionChoice?, within limit: Duration? = nil) async throws -> [KeptSession] {
        let effect = choice == nil ? "Sessions may be closed" : "The session may be closed"
        return try await CallTime(limit, at: place, effect: effect).bound { time in
            guard let call = try await connect(startsOne: false) else {
                guard let choice else { return [] }
                _ = try choice.session(of: [])
                return []
            }
            return try await call.ending {
                time.isAsking()
                try await call.say([choice.map { .close($0) } ?? .closeAll])
                return try await call.sessions()
            }
        }
    }

    /// Opens a session.
    /// - Parameters:
    ///   - words: of the command line that opens it.
    ///   - limit: how long all of it may take, a person's answers aside; nil where that depends on what is connected to.
    ///   - ask: asks the person at the terminal; nil where nobody is there.
    package func open(
        _ name: String,
        words: [String],
        folder: String,
        environment: [String],
        within limit: Duration?,
        ask: (@Sendable (String, _ isSecret: Bool) async -> String?)?
    ) async throws -> KeptSession {
        let began = monotonicNanoseconds()
        let effect = "The session may be opened yet"
        return try await CallTime(limit, at: place, isOpening: true, effect: effect).bound { time in
            guard let call = try await connect(startsOne: true) else {
                throw BrokerError("No broker can be started.")
            }
            return try await call.ending {
                time.isAsking()
                try await call.say(words.map { .word($0) } + environment.map { .variable($0) })
                try await call.say([.since(began), .open(name: name, folder: folder, hasPerson: ask != nil)])
                while true {
                    let reply = try await call.next()
                    time.hasAnswered()
                    switch reply {
                    case .ask(let text, let isSecret):
                        let answer = await time.whileAsking { await ask?(text, isSecret) }
                        try await call.say([.answer(answer)])
                    case .remark(let text): remark(text)
                    case .session(let session): return session
                    case .failed(let code, let message): throw BrokerError(message, exitCode: Int(code))
                    case .taken, .connected: break
                    case .done: throw BrokerError("The broker has not told which session it opened.")
                    }
                }
            }
        }
    }

    // MARK: Connecting

    private static let pause = Duration.milliseconds(10)

    /// - Returns: nil where no broker runs and none is to be started.
    private func connect(startsOne: Bool) async throws -> BrokerCall? {
        var hasStarted = false
        while true {
            let outcome = try await offLoop { () throws(BrokerError) in try LocalSocket.connect(to: place.control) }
            switch outcome {
            case .connected(let descriptor):
                let call = BrokerCall(loop: loop)
                try await call.stream.begin(descriptor)
                return call
            case .crowded: break
            case .missing, .stale:
                if let lost = try await offLoop({ () throws(BrokerError) in try place.lostSessions() }), lost > 0 {
                    remark(
                        "the broker has ended without closing its sessions, and \(lost) kept session\(lost == 1 ? "" : "s") ended"
                            + " with it"
                    )
                }
                guard startsOne else { return nil }
                if !hasStarted { try await offLoop { () throws(BrokerError) in try BrokerProcess.start(at: place) } }
                hasStarted = true
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func offLoop<Value: Sendable>(
        _ call: @escaping @Sendable () throws(BrokerError) -> Value
    ) async throws -> Value {
        let result: Result<Value, BrokerError> = await Lane.files.run {
            do throws(BrokerError) { return .success(try call()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

extension BrokerPlace {
    /// How many sessions a broker left that has ended without a word; their sockets are taken away.
    /// - Returns: nil where a broker runs, or begins to.
    fileprivate func lostSessions() throws(BrokerError) -> Int? {
        guard let lock = try takeLock() else { return nil }
        defer { withExtendedLifetime(lock) {} }
        return clear()
    }
}

/// One connection to the broker's control socket.
private final class BrokerCall: Sendable {
    let stream: UnixStream
    private let lines = CallLines()

    init(loop: EventLoop) {
        stream = UnixStream(loop: loop, gone: .brokerGone)
    }

    /// Ends the connection with `body`.
    func ending<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            let value = try await body()
            await stream.close()
            return value
        } catch {
            await stream.close()
            throw error
        }
    }

    func say(_ requests: [ControlRequest]) async throws {
        try await stream.outbox.send(requests.flatMap { ControlLine.encode($0.fields) })
    }

    /// The sessions that are told up to the last word.
    func sessions() async throws -> [KeptSession] {
        var all: [KeptSession] = []
        while true {
            switch try await next() {
            case .session(let session): all.append(session)
            case .done: return all
            case .failed(let code, let message): throw BrokerError(message, exitCode: code)
            case .ask, .remark, .taken, .connected: break
            }
        }
    }

    func next() async throws -> ControlReply {
        while true {
            if let fields = await lines.next() {
                if let reply = ControlReply(fields) { return reply }
                continue
            }
            switch try await stream.inbox.receive() {
            case .output(let bytes): await lines.receive(bytes)
            case .diagnostics: break
            case .end: throw BrokerError("The broker of kept sessions has ended, and its sessions with it.")
            }
        }
    }
}

/// What came of a call and was not looked at yet.
private actor CallLines {
    private var reader = ControlReader()
    private var waiting: [[String]] = []

    func receive(_ bytes: [UInt8]) { waiting += reader.receive(bytes) }

    func next() -> [String]? { waiting.isEmpty ? nil : waiting.removeFirst() }
}

extension TransportError {
    fileprivate static let brokerGone = TransportError(
        .connectionLost,
        phase: nil,
        "the broker of kept sessions has ended."
    )
}
