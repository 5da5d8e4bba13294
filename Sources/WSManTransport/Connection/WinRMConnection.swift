import Connections
import EventLoops
import Files
import HTTPMessages
import MessageSeal
import TLS
import Threads
import WinRMAuth

/// One TCP connection to a WinRM service: its socket, TLS, login and seal. Whoever logs in, and what seals, belongs to it and
/// ends with it. Confined to a loop.
///
/// It is used by one task, as sequential code. Whatever that task waits for, `abort` ends the wait at once: so clocks and
/// cancellations hold against a far side that is silent at any point.
actor WinRMConnection {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let loop: EventLoop
    nonisolated let place: WinRMPlace
    nonisolated let timeline: ConnectionTimeline
    nonisolated let environment: WSManEnvironment

    private(set) var stream: HTTPStream?
    /// Who is logged in; nil before that.
    var login: Login?
    var preparation: Task<Void, any Error>?
    /// Whether `prepare` has done what it began.
    var isPrepared = false
    /// Whether any byte of the newest envelope was given to the kernel.
    var hasGivenBody = false
    /// What is waited for on this side and not of the far side.
    var ownWait: String?
    /// What `abort` was given: nothing can be asked here any more.
    private var failure: (any Error)?
    private var failPending: ((any Error) -> Void)?
    private var whenOpen: Promise<Void>?
    private var whenAnswered: Promise<HTTPResponse>?
    private var deadline: ConnectingDeadline?
    private var deadlineTimer: DeadlineTimer?

    init(to place: WinRMPlace, environment: WSManEnvironment, on loop: EventLoop, timeline: ConnectionTimeline) {
        self.place = place
        self.environment = environment
        self.loop = loop
        self.timeline = timeline
    }

    /// A login that is done: what goes on with it, and what seals its messages.
    struct Login {
        var authentication: WinRMAuthentication
        var sealer: (any MessageSealer)?
    }

    // MARK: The clock

    /// From now on every wait fails once the deadline has passed.
    func setDeadline(_ deadline: ConnectingDeadline?) {
        self.deadline = deadline
        deadlineTimer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { [weak self] in
                self?.assumeIsolated { $0.deadlinePassed(deadline) }
            }
        }
    }

    private func deadlinePassed(_ deadline: ConnectingDeadline) {
        abort(deadline.failure(of: place.label, in: timeline.current ?? .resolve, ownWait: ownWait))
    }

    /// The connection stands: the clock is somebody else's now.
    func clearDeadline() {
        deadlineTimer?.cancel()
        deadlineTimer = nil
        deadline = nil
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

    nonisolated func closeFromAnywhere() {
        loop.submit { self.assumeIsolated { $0.close() } }
    }

    /// Closes the socket; whoever waits is told.
    func close() {
        abort(CancellationError())
        clearDeadline()
        stream?.close()
        stream = nil
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
        try await wait { promise in lane.submit { promise.keep(Result { try call() }) } }
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

    // MARK: The stream

    /// Whether a wait was ended by `abort`.
    var isAborted: Bool { failure != nil }

    /// Whether nothing more can be asked on it.
    var isOver: Bool { stream?.isOver ?? true || failure != nil }

    /// Connects to an address, and speaks TLS where the place wants it.
    func connect() async throws {
        let socket = try await connectSocket()
        let stream = HTTPStream(place.httpLimits, on: loop) { [weak self] event in
            self?.assumeIsolated { $0.take(event) }
        }
        do {
            try stream.begin(socket)
        } catch {
            throw TransportError(
                .connectionFailed,
                phase: .tcp,
                "\(place.label): the socket cannot be watched: \(error.reason)."
            )
        }
        self.stream = stream
        if let proxy = place.proxy { try await pass(proxy) }
        guard let tls = place.tls else { return stream.open(nil) }
        timeline.begin(.tls)
        do {
            let context = try await waitForTask { try await tls.value() }
            let engine = try TLSEngine(context, host: place.host)
            try await wait { promise in
                whenOpen = promise
                stream.open(engine)
            }
        } catch let failure as TLSFailure {
            throw failure.error(of: place.label)
        } catch let end as HTTPStreamEnd {
            throw end.error(of: place.label, while: .tls)
        }
    }

    /// Sends a request, and waits for its answer.
    /// - Throws: WinRMBroken, TransportError, or what `abort` was given.
    func ask(_ request: HTTPRequest) async throws -> HTTPResponse {
        hasGivenBody = false
        guard let stream, !stream.isOver else { throw WinRMBroken(wasGiven: false, end: .closed) }
        defer { whenAnswered = nil }
        do {
            let answer: HTTPResponse = try await wait { promise in
                whenAnswered = promise
                if !stream.send(request) { promise.fail(WinRMBroken(wasGiven: false, end: .closed)) }
            }
            hasGivenBody = !request.body.isEmpty && answer.status != 401
            return answer
        } catch {
            hasGivenBody = !request.body.isEmpty && stream.hasGivenRequest
            throw error
        }
    }

    private func take(_ event: HTTPStream.Event) {
        switch event {
        case .open: whenOpen?.succeed(())
        case .answer(let answer): whenAnswered?.succeed(answer)
        case .over(let end):
            whenOpen?.fail(end)
            whenAnswered?.fail(WinRMBroken(wasGiven: stream?.hasGivenRequest ?? false, end: end))
        }
    }
}

/// A connection that ended while an answer was waited for.
struct WinRMBroken: Error {
    /// Whether any byte of the request was given to the kernel: then nobody knows whether it was heeded.
    let wasGiven: Bool
    let end: HTTPStreamEnd

    /// What was larger than this side takes; nil where nothing was.
    var tooLarge: HTTPFault? { if case .http(let fault) = end, fault.code == .tooLarge { fault } else { nil } }
}

extension TLSFailure {
    func error(of target: String) -> TransportError {
        TransportError(TransportError.Code(rawValue: code.rawValue), phase: .tls, "\(target): \(message)")
    }
}

extension HTTPStreamEnd {
    func error(of target: String, while phase: ConnectionPhase) -> TransportError {
        if case .tls(let failure) = self { return failure.error(of: target) }
        return TransportError(
            code,
            phase: phase,
            "\(target): the connection failed while \(phase.activity): \(reason)."
        )
    }
}
