import Connections
import EventLoops
import Files
import SystemErrors

extension SSHLink {
    /// Takes over a socket: the session on it, and the loop's watch over it.
    func adopt(_ socket: FileDescriptor, settings: SSHSettings, hostKeyAlgorithms: [String]) throws {
        let session = try SSHSessionHandle(socket: socket, settings: settings, hostKeyAlgorithms: hostKeyAlgorithms)
        self.session = session
        do {
            socketToken = try loop.add(session.socket, []) { [weak self] _ in
                self?.assumeIsolated { $0.socketIsReady() }
            }
        } catch {
            throw SSHFailure(error)
        }
    }

    /// - Throws: SSHFailure.
    func watchSocket() throws {
        guard let session else { return }
        try watchSocket(session.wantsToWrite ? [.readable, .writable] : .readable)
    }

    private func watchSocket(_ interest: Readiness) throws {
        guard let socketToken else { return }
        do { try loop.update(socketToken, interest) } catch { throw SSHFailure(error) }
    }

    private func socketIsReady() {
        if let onSocketReady { return onSocketReady() }
        // While the handshake waits for something else nobody reads: a level-triggered socket would spin.
        guard isEstablished else {
            do { try watchSocket([]) } catch { lose(error) }
            return
        }
        serve(mayHaveCome: true)
    }

    /// From now on this user's channel is served.
    func begin(_ user: any SSHLinkUser) {
        users.append(user)
        serve(mayHaveCome: true)
    }

    func finish(_ user: ObjectIdentifier) {
        users.removeAll { ObjectIdentifier($0) == user }
    }

    /// Moves what can be moved between the socket and the channels; bounded, so that other sessions get their turn.
    /// - Parameter mayHaveCome: whether the socket may hold something, or libssh a word of its own to send.
    func serve(mayHaveCome: Bool = false) {
        guard let session else { return }
        do {
            // Each look at the socket is a call of the system: none is made that has nothing to find. What comes later the
            // loop tells.
            var mayHaveCome = mayHaveCome
            for _ in 0..<64 {
                var hasMoved = false
                for user in users where try user.serve() { hasMoved = true }
                guard hasMoved || mayHaveCome else { break }
                mayHaveCome = try session.pump()
            }
            try watchSocket()
        } catch {
            lose(error)
        }
    }

    nonisolated func serveFromAnywhere() {
        loop.submit { self.assumeIsolated { $0.serve() } }
    }

    /// The connection is gone: everyone on it is told.
    func lose(_ error: any Error) {
        let told = (error as? SSHFailure).map { failure in
            let cure = failure.shortage.map { " " + $0.cure } ?? ""
            return TransportError(
                .connectionLost,
                phase: nil,
                "\(target): the SSH connection was lost: \(failure.text).\(cure)"
            )
        }
        close(telling: told ?? error)
    }

    /// Ends the connection, whatever state it is in.
    func close(telling error: any Error = CancellationError()) {
        abort(error)
        let told = users
        users = []
        for user in told { user.linkWasLost(error) }
        clearDeadline()
        if let keepaliveTimer { loop.cancel(keepaliveTimer) }
        keepaliveTimer = nil
        if let socketToken { loop.remove(socketToken) }
        socketToken = nil
        agent?.close()
        agent = nil
        if !isSessionLent { session?.close() }
        session = nil
        proxy?.end(on: loop)
        proxy = nil
    }

    // MARK: Noticing a dead peer

    /// Begins to ask the server for an answer where it was silent for `interval`.
    func startKeepalive(every interval: Duration, countMax: Int) {
        guard interval > .zero, countMax > 0 else { return }
        keepalive = KeepaliveClock(countMax: countMax)
        tickKeepalive(every: interval)
    }

    private func tickKeepalive(every interval: Duration) {
        keepaliveTimer = loop.schedule(at: .now + interval) { [weak self] in
            self?.assumeIsolated { link in
                switch link.keepalive?.tick(received: link.session?.receivedBytes ?? 0) {
                case .ask(let isFirst)?:
                    // libssh takes note of an answer at the next call only, which then sends nothing.
                    if !isFirst { link.session?.askWhetherAlive() }
                    link.session?.askWhetherAlive()
                    link.serve(mayHaveCome: true)
                case .lost(let count)?:
                    let seconds = (interval * count).components.seconds
                    return link.lose(SSHFailure(text: "the server has not answered for \(seconds) seconds"))
                case .wait?, nil: break
                }
                if link.session != nil { link.tickKeepalive(every: interval) }
            }
        }
    }
}

/// When to ask a silent server whether it lives, and when to give it up (ssh_config's ServerAlive keywords).
struct KeepaliveClock {
    enum Action: Equatable {
        case wait
        case ask(isFirst: Bool)
        case lost(ticks: Int)
    }

    private let countMax: Int
    private var received: UInt64?
    private var unanswered = 0
    private var hasAsked = false

    init(countMax: Int) {
        self.countMax = countMax
    }

    /// Called once an interval.
    /// - Parameter received: how many bytes have come so far, whoever read them: an answer may be there, and be read, in the
    ///   very call that asks.
    mutating func tick(received: UInt64) -> Action {
        if received != self.received {
            self.received = received
            unanswered = 0
            return .wait
        }
        unanswered += 1
        if unanswered > countMax { return .lost(ticks: unanswered) }
        // One question is out until something is heard: its answer is as good as another's.
        guard unanswered == 1 else { return .wait }
        defer { hasAsked = true }
        return .ask(isFirst: !hasAsked)
    }
}
