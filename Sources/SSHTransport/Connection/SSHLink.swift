import Connections
import EventLoops
import Files
import Glibc
import Threads

/// Who has channels on a link: served whenever its socket was, told once when it is lost. Confined to the link's loop.
protocol SSHLinkUser: AnyObject {
    /// Moves what can be moved; true where anything was.
    func serve() throws -> Bool
    func linkWasLost(_ error: any Error)
}

/// One SSH connection, from its socket to its end, confined to a loop.
///
/// It is made by one task, as sequential code over steps that never block. Whatever that task waits for, `abort` ends the
/// wait at once: so the clock and a cancellation hold against a far side that is silent at any point.
actor SSHLink {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let loop: EventLoop
    /// How messages name the host at the far end.
    nonisolated let target: String
    nonisolated let timeline: ConnectionTimeline

    var session: SSHSessionHandle?
    /// The child that carries the connection, where ProxyCommand says so.
    var proxy: ProxyProcess?
    /// The way to the agent while it is asked.
    var agent: AgentBridge?
    /// Whether another thread is in a call on the session: it is closed there, then.
    var isSessionLent = false
    var users: [any SSHLinkUser] = []
    /// What the far process gets into its environment.
    var variables: [SSHVariable] = []
    /// Whether the handshake is over, and what comes is the channels'.
    var isEstablished = false
    var socketToken: DescriptorToken?
    var onSocketReady: (() -> Void)?
    var keepalive: KeepaliveClock?
    var keepaliveTimer: TimerToken?

    private(set) var failure: (any Error)?
    private var failPending: ((any Error) -> Void)?
    /// When the connection must stand.
    private(set) var deadline: ConnectingDeadline?
    /// What is waited for on this side and not of the far side: `--password-command`.
    var ownWait: String?
    private var deadlineTimer: DeadlineTimer?
    /// What ConnectTimeout goes by.
    private nonisolated let clock: RunClock

    init(
        target: String,
        loop: EventLoop,
        timeline: ConnectionTimeline,
        clock: RunClock
    ) {
        self.target = target
        self.loop = loop
        self.timeline = timeline
        self.clock = clock
    }

    var isOpen: Bool { session != nil }

    // MARK: The clock

    /// From now on every wait fails once the deadline has passed.
    func setDeadline(_ deadline: ConnectingDeadline?) {
        self.deadline = deadline
        deadlineTimer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { [weak self] in self?.assumeIsolated { $0.deadlinePassed(deadline) } }
        }
    }

    /// Allows for the handshake what ssh_config's ConnectTimeout says, where nothing else bounds it.
    func setConnectTimeout(_ timeout: Duration?) {
        guard deadline == nil, let timeout, timeout > .zero else { return }
        setDeadline(ConnectingDeadline(timeout, on: clock, name: Self.connectTimeout))
    }

    /// The handshake is over, and with it what ConnectTimeout bounds.
    func clearConnectTimeout() {
        if deadline?.name == Self.connectTimeout { clearDeadline() }
    }

    private static let connectTimeout = "ConnectTimeout of ssh_config"

    /// The connection is made: the clock is somebody else's now.
    func clearDeadline() {
        deadlineTimer?.cancel()
        deadlineTimer = nil
        deadline = nil
    }

    private func deadlinePassed(_ deadline: ConnectingDeadline) {
        abort(deadline.failure(of: target, in: timeline.current ?? .resolve, ownWait: ownWait))
    }

    /// Ends what is waited for, and whatever is waited for later, with this error. The first one stands.
    func abort(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        failPending?(error)
    }

    nonisolated func abortFromAnywhere(_ error: any Error) {
        loop.submit { self.assumeIsolated { $0.abort(error) } }
    }

    // MARK: Waiting

    /// Waits for what `begin` promises, or for `abort`.
    func wait<Value: Sendable>(for begin: (Promise<Value>) -> Void) async throws -> Value {
        if let failure { throw failure }
        let promise = Promise<Value>()
        failPending = { promise.fail($0) }
        defer { failPending = nil }
        begin(promise)
        return try await promise.value()
    }

    /// Waits for a call that blocks, on a thread of a lane; given up, it runs on by itself.
    func waitOffLoop<Value: Sendable>(
        in lane: Lane,
        _ call: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await wait { promise in
            lane.submit { promise.keep(Result { try call() }) }
        }
    }

    /// Waits for asynchronous work that knows nothing of the clock; given up, it is cancelled.
    func waitForTask<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let promise = Promise<Value>()
        let task = Task(executorPreference: loop.taskExecutor) {
            do { promise.succeed(try await work()) } catch { promise.fail(error) }
        }
        defer { task.cancel() }
        if let failure { throw failure }
        failPending = { promise.fail($0) }
        defer { failPending = nil }
        return try await promise.value()
    }

    /// Does a step of the session again each time its socket is ready, until it is done.
    func run(_ step: (SSHSessionHandle) throws -> SSHStep) async throws {
        while let session {
            var result = try step(session)
            // What a step writes makes libssh look whether there is room for more: a second look settles that.
            for _ in 0..<3 where result == .again && session.wantsToWrite { result = try step(session) }
            acknowledgeQuickly(session.socket)
            guard result == .again else { return }
            try await waitForSocket()
        }
        throw failure ?? SSHFailure(text: "the connection was closed")
    }

    func waitForSocket() async throws {
        defer { onSocketReady = nil }
        try await wait { (promise: Promise<Void>) in
            onSocketReady = { promise.succeed(()) }
            do { try watchSocket() } catch { promise.fail(error) }
        }
    }

    /// Sends a waiting acknowledgement at once: sshd's Nagle algorithm holds its next packet for 40 ms without it. The
    /// kernel forgets the option by itself, so it is set behind each step of the handshake.
    private func acknowledgeQuickly(_ socket: Int32) {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
