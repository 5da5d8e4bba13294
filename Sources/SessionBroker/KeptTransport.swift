package import Connections
package import EventLoops
import Files
import Glibc
package import KeptSessions
import Synchronization
import Threads

extension ConnectionPhase {
    /// From the look for the session to its first word, which comes once everybody who came before has left.
    package static let session = session(suspicion: "somebody else may be in it")

    static func session(suspicion: String) -> ConnectionPhase {
        ConnectionPhase("session", position: 70, activity: "waiting for the kept session", suspicion: suspicion)
    }

    /// The same while the broker is asked which session is meant.
    fileprivate static func broker(_ words: String) -> ConnectionPhase {
        ConnectionPhase("session", position: 70, activity: "asking the broker of kept sessions", suspicion: words)
    }
}

extension TransportError.Code {
    /// A kept session cannot be entered.
    package static let keptSessionUnusable = Self(rawValue: "KeptSessionUnusable")
}

/// Enters a session that the broker keeps: out-of-process framing from the first byte on, over the session's own socket.
package struct KeptTransport: ByteTransport {
    private let choice: KeptSessionChoice
    private let environment: [String: String]
    private let loop: EventLoop
    private let remark: @Sendable (String) -> Void
    private let wait = KeptWait()

    private static let pause = Duration.milliseconds(20)

    /// - Parameters:
    ///   - environment: of this process; it tells where the broker is.
    ///   - loop: what the socket is read and written on.
    ///   - remark: told what a person should know.
    package init(
        _ choice: KeptSessionChoice,
        environment: [String: String],
        loop: EventLoop,
        remark: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.choice = choice
        self.environment = environment
        self.loop = loop
        self.remark = remark
    }

    package var firstWord: ConnectionPhase? { wait.phase }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        let stream = UnixStream(loop: loop, gone: Self.gone)
        let place = try here()
        return try await stream.whileConnected(
            in: .session,
            timeline: timeline,
            connect: { try await connect(stream, at: place, deadline) },
            { try await body(KeptConnection(connection: $0, place: place)) }
        )
    }

    private func here() throws -> BrokerPlace {
        do {
            return try BrokerPlace.ofThisUser(environment: environment)
        } catch {
            throw unusable(error.message)
        }
    }

    private func connect(_ stream: UnixStream, at place: BrokerPlace, _ deadline: ConnectingDeadline?) async throws {
        let hasAnswered = Atomic(false)
        do {
            let silence = { @Sendable in
                ConnectionPhase.broker(place.silence(of: deadline?.limit ?? .zero).advice)
            }
            try await within(deadline, phase: { hasAnswered.load(ordering: .relaxed) ? wait.phase : silence() }) {
                let session = try choice.session(
                    of: try await BrokerClient(place, loop: loop, remark: remark).sessions()
                )
                hasAnswered.store(true, ordering: .relaxed)
                wait.found(session, now: Int64(time(nil)))
                guard session.state != .broken else { throw KeptSessionError.broken(session) }
                let path = place.session(session.id)
                while true {
                    let outcome: Swift.Result<LocalSocket.Outcome, BrokerError> = await Lane.files.run {
                        do throws(BrokerError) {
                            return .success(try LocalSocket.connect(to: path))
                        } catch {
                            return .failure(error)
                        }
                    }
                    switch try outcome.get() {
                    case .connected(let descriptor): return try await stream.begin(descriptor)
                    case .missing, .stale:
                        throw KeptSessionError(
                            "the kept session \(session.name) was closed just now, or its broker has ended."
                        )
                    case .crowded: try await Task.sleep(for: Self.pause)
                    }
                }
            }
        } catch let error as KeptSessionError {
            throw unusable(error.message)
        } catch let error as BrokerError {
            throw unusable(error.message)
        }
    }

    private func unusable(_ message: String) -> TransportError {
        TransportError(.keptSessionUnusable, phase: .session, "\(choice.label): \(message)")
    }

    /// Gives `body` up once the deadline has passed.
    /// - Parameter phase: asked then; says what is wrong.
    private func within(
        _ deadline: ConnectingDeadline?,
        phase: @escaping @Sendable () -> ConnectionPhase,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard let deadline else { return try await body() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                // While a person is asked the clock stands still: it is looked at again.
                while deadline.left > .zero { try await Task.sleep(for: max(deadline.left, .milliseconds(20))) }
                throw deadline.failure(of: choice.label, in: phase())
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static let gone = TransportError(
        .connectionLost,
        phase: nil,
        "the broker of kept sessions has ended, or has closed the session."
    )
}

extension KeptSessionError {
    fileprivate static func broken(_ session: KeptSession) -> KeptSessionError {
        KeptSessionError(
            "the kept session \(session.name) is broken: \(session.reason). `psrun session close --id \(session.id)` "
                + "forgets it; open it anew."
        )
    }
}
