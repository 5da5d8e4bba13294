import Files
import KeptSessions
import Processes

/// A client of the broker's control socket.
final class BrokerControl {
    let port: BrokerPort
    private var reader = ControlReader()
    /// What a session is to be opened with, as it came.
    private(set) var request: [ControlRequest] = []
    /// What the client waits for.
    var opening: BrokerSession?
    private var awaited: [ChildProcess] = []
    private var hasLeft = false
    private(set) var isFinished = false
    /// Whether what it wants is known.
    private(set) var hasAsked = false
    /// When it is put out, in nanoseconds of the monotonic clock; nil while it is not waited for.
    private(set) var deadline: UInt64?

    init(_ descriptor: FileDescriptor, requestSeconds: Int = KeptSessionLimits.requestSeconds) {
        port = BrokerPort(descriptor)
        deadline = Self.moment(in: requestSeconds)
    }

    private static func moment(in seconds: Int) -> UInt64 { monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000 }

    /// The opener's environment, each NAME=VALUE.
    var variables: [String] {
        request.compactMap { if case .variable(let text) = $0 { text } else { nil } }
    }

    /// Whether nothing is to be said to it or heard of it any more.
    var isOver: Bool { hasLeft || port.isDeaf || isFinished && port.waitingBytes == 0 }

    /// Reads what came.
    /// - Returns: nil for a line that is no request.
    func receive() -> [ControlRequest?] {
        port.flush()
        guard let bytes = port.receive() else { return [] }
        hasLeft = bytes.isEmpty
        let requests = reader.receive(bytes).map { ControlRequest($0) }
        for case let request? in requests {
            switch request {
            case .word, .variable, .since, .open: self.request.append(request)
            case .answer, .list, .close, .closeAll: break
            }
        }
        if reader.isTooMuch { finish(.failed(exitCode: 2, "More was said than the broker takes in one request.")) }
        return requests
    }

    /// Tells all of these at once.
    func tell(_ sessions: [KeptSession]) {
        port.send(sessions.flatMap { ControlLine.encode(ControlReply.session($0).fields) })
    }

    func tell(_ reply: ControlReply) {
        port.send(ControlLine.encode(reply.fields))
        if case .ask = reply { deadline = Self.moment(in: KeptSessionLimits.questionSeconds) }
    }

    /// What it wants is known.
    /// - Returns: false where that was so before: one connection asks one thing.
    func asks() -> Bool {
        defer { (hasAsked, deadline) = (true, nil) }
        return !hasAsked
    }

    /// What it was asked is answered.
    func hasAnswered() { deadline = nil }

    /// Puts it out where its time is over.
    func look(at now: UInt64) {
        guard let deadline, now >= deadline else { return }
        guard !isFinished else {
            hasLeft = true
            return
        }
        let reason =
            hasAsked
            ? "Nobody has answered for \(KeptSessionLimits.questionSeconds) s."
            : "Nothing was asked within \(KeptSessionLimits.requestSeconds) s."
        let session = opening
        finish(.failed(exitCode: 1, reason))
        opening = session
        hasLeft = true
    }

    /// Says the last word, which is to be taken soon.
    func finish(_ reply: ControlReply? = nil) {
        guard !isFinished else { return }
        if let reply { tell(reply) }
        opening = nil
        isFinished = true
        deadline = Self.moment(in: KeptSessionLimits.requestSeconds)
    }

    /// Says that all is done once these have ended.
    func awaitEnds(_ processes: [ChildProcess]) {
        awaited = processes
        if processes.isEmpty { finish(.done) }
    }

    /// - Parameter processes: those that have not ended.
    func isClosing(_ processes: [ChildProcess]) {
        guard !awaited.isEmpty, !processes.contains(where: { process in awaited.contains { $0 === process } }) else {
            return
        }
        awaited = []
        finish(.done)
    }
}
