import CLIXML
import Files
import Glibc
import KeptSessions
import PSRP
import Processes

/// A user's broker: one process, one loop, all sessions that are kept.
final class Broker {
    /// How long it stays with nothing to keep and nobody to serve, in nanoseconds.
    private static let idlePatience: UInt64 = 500_000_000
    /// How long what carried a closed session may take to end by itself.
    private static let carrierPatience: UInt64 = 3_000_000_000

    private let place: BrokerPlace
    private let requestSeconds: Int
    private let startCarrier: StartCarrier
    private var listener: FileDescriptor?
    private var controls: [BrokerControl] = []
    private var sessions: [BrokerSession] = []
    private let quiet: QuietSessions
    private var ending: [(process: ChildProcess, until: UInt64)] = []
    private var lastID = 0
    private var idleSince: UInt64?
    private var acceptsAgain: UInt64 = 0

    /// Starts what is to carry a session: with the opener's environment, each NAME=VALUE, and its end of the socket.
    typealias StartCarrier = ([String], FileDescriptor) throws -> ChildProcess

    /// - Parameter requestSeconds: that a client has for its request.
    /// - Throws: BrokerError
    init(
        _ place: BrokerPlace,
        requestSeconds: Int = KeptSessionLimits.requestSeconds,
        startCarrier: @escaping StartCarrier = Broker.startCarrier
    ) throws(BrokerError) {
        quiet = try QuietSessions()
        self.place = place
        self.requestSeconds = requestSeconds
        self.startCarrier = startCarrier
    }

    private static func startCarrier(_ environment: [String], _ socket: FileDescriptor) throws -> ChildProcess {
        let nowhere = FileDescriptor(owning: Glibc.open("/dev/null", O_RDWR | O_CLOEXEC))
        return try ChildProcess(
            "/proc/self/exe",
            ["psrun", BrokerProcess.carrierVerb],
            environment: environment,
            descriptors: [socket.raw, socket.raw, nowhere.raw],
            leading: .session
        )
    }

    /// Serves until there is nothing to keep and nobody to serve.
    /// - Throws: BrokerError
    func run() throws(BrokerError) {
        listener = try LocalSocket.listen(at: place.control)
        while true {
            let now = monotonicNanoseconds()
            guard sessions.isEmpty, controls.isEmpty, ending.isEmpty else {
                idleSince = nil
                step(now)
                continue
            }
            let since = idleSince ?? now
            idleSince = since
            guard now >= since + Self.idlePatience else {
                step(now)
                continue
            }
            // Whoever has come by now is still served; whoever comes later starts a broker.
            unlink(place.control)
            guard let listener, let client = LocalSocket.accept(listener) else { return }
            controls.append(BrokerControl(client, requestSeconds: requestSeconds))
            self.listener = try LocalSocket.listen(at: place.control)
        }
    }

    private func step(_ now: UInt64) {
        let accepts = now >= acceptsAgain
        var waits: [pollfd] = []
        // Those that wait for a session to open are as many as sessions may be.
        if let listener, accepts, controls.count(where: { $0.opening == nil }) < KeptSessionLimits.controls {
            waits.append(pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0))
        }
        for control in controls { waits.append(control.port.wait(reading: true)) }
        waits.append(pollfd(fd: quiet.descriptor.raw, events: Int16(POLLIN), revents: 0))
        let busy = sessions.filter { !$0.isQuiet }
        var places: [Range<Int>] = []
        for session in busy {
            let start = waits.count
            session.addWaits(to: &waits, acceptsMore: accepts)
            places.append(start..<waits.count)
        }
        for end in ending { waits.append(pollfd(fd: end.process.ending.raw, events: Int16(POLLIN), revents: 0)) }
        guard poll(&waits, nfds_t(waits.count), timeout(now, busy)) >= 0 || errno == EINTR else { return }
        let after = monotonicNanoseconds()
        for (session, place) in zip(busy, places) {
            session.isDue =
                !session.isKept || waits[place].contains { $0.revents != 0 } || (session.deadline ?? .max) <= after
        }
        var ready = Set(waits.lazy.filter { $0.revents != 0 }.map(\.fd))
        if ready.contains(quiet.descriptor.raw) { ready.formUnion(quiet.takeReady()) }
        if let listener, ready.contains(listener.raw) { acceptControl(listener) }
        for control in controls where ready.contains(control.port.descriptor.raw) { serve(control) }
        for session in sessions where session.isDue { serve(session, ready) }
        // Where hundreds are kept, nothing happens at most of them.
        for session in sessions where !session.isQuiet {
            session.isDue = false
            quiet.watch(session)
        }
        reap(ready)
        for control in controls { control.look(at: monotonicNanoseconds()) }
        for control in controls where control.isOver {
            // Nobody waits for that session any more.
            if let session = control.opening { drop(session) }
        }
        controls.removeAll { $0.isOver }
    }

    private func timeout(_ now: UInt64, _ busy: [BrokerSession]) -> Int32 {
        var all = busy.compactMap(\.deadline) + ending.map(\.until) + controls.compactMap(\.deadline)
        if let idleSince { all.append(idleSince + Self.idlePatience) }
        if acceptsAgain > now { all.append(acceptsAgain) }
        guard let next = all.min() else { return -1 }
        return next > now ? Int32(min((next - now) / 1_000_000 + 1, 60_000)) : 0
    }

    private func acceptControl(_ listener: FileDescriptor) {
        guard let client = LocalSocket.accept(listener) else {
            // Without descriptors the client would be told of again and again.
            if errno == EMFILE || errno == ENFILE { acceptsAgain = monotonicNanoseconds() + 1_000_000_000 }
            return
        }
        controls.append(BrokerControl(client, requestSeconds: requestSeconds))
    }

    // MARK: Sessions

    private func serve(_ session: BrokerSession, _ ready: Set<Int32>) {
        let replies = session.serve(ready, at: place)
        let opener = controls.first { $0.opening === session }
        if replies.contains(.done), let twin = kept.first(where: { $0 !== session && $0.hasName(of: session) }) {
            opener?.tell(
                .remark(
                    "another kept session has the name \(twin.name) (id \(twin.id)): this one is entered and closed with "
                        + "-Id \(session.id)"
                )
            )
        }
        for reply in replies { opener?.tell(reply) }
        switch session.phase {
        case .failed(let code, let message):
            opener?.finish(.failed(exitCode: code, message))
            drop(session)
        case .kept: if replies.contains(.done) { opener?.finish() }
        case .connecting, .opening: if opener == nil { drop(session) }
        }
    }

    private func drop(_ session: BrokerSession) {
        quiet.leave(session)
        session.end(at: place)
        sessions.removeAll { $0 === session }
        ending.append((session.process, monotonicNanoseconds() + Self.carrierPatience))
    }

    private func reap(_ ready: Set<Int32>) {
        let now = monotonicNanoseconds()
        ending.removeAll { end in
            if ready.contains(end.process.ending.raw) {
                _ = end.process.reap()
                return true
            }
            guard now >= end.until else { return false }
            _ = end.process.endNow(.immediate)
            return true
        }
        for control in controls { control.isClosing(ending.map(\.process)) }
    }

    // MARK: Clients

    private func serve(_ control: BrokerControl) {
        let requests = control.receive()
        // Where more than one thing is asked at once, none of them is begun.
        guard control.hasAsked || requests.count(where: { $0?.isAsking ?? false }) <= 1 else {
            return control.finish(.failed(exitCode: 2, "One connection asks one thing."))
        }
        guard control.hasAsked || !requests.contains(where: { $0 == nil }) else {
            return control.finish(.unknownRequest)
        }
        for request in requests where !control.isFinished {
            switch request {
            case nil: control.finish(.unknownRequest)
            case .word, .variable, .since: break
            case .answer:
                guard let request, let session = control.opening else {
                    control.finish(.failed(exitCode: 2, "Nothing was asked that could be answered."))
                    break
                }
                control.hasAnswered()
                session.tellCarrier(request)
            case .open, .list, .close, .closeAll:
                guard let request, control.asks() else {
                    control.finish(.failed(exitCode: 2, "One connection asks one thing."))
                    break
                }
                // Whoever has given up is told nothing, and so has nothing done.
                if control.port.isAbandoned { control.finish() } else { begin(request, for: control) }
            }
        }
    }

    private func begin(_ request: ControlRequest, for control: BrokerControl) {
        switch request {
        case .open(let name, _, _): open(name, for: control)
        case .list:
            control.tell(kept.map(\.description))
            control.finish(.done)
        case .close(let choice): close(choice, for: control)
        case .closeAll:
            let all = kept
            for session in all { close(session, for: control) }
            control.awaitEnds(all.map(\.process))
        case .word, .variable, .since, .answer: break
        }
    }

    /// Those that are open, or were.
    private var kept: [BrokerSession] { sessions.filter(\.isKept) }

    private func close(_ choice: KeptSessionChoice, for control: BrokerControl) {
        do throws(KeptSessionError) {
            let chosen = try choice.session(of: kept.map(\.description))
            guard let session = kept.first(where: { $0.id == chosen.id }) else { return }
            close(session, for: control)
            control.awaitEnds([session.process])
        } catch {
            control.finish(.failed(exitCode: 1, error.message))
        }
    }

    private func close(_ session: BrokerSession, for control: BrokerControl) {
        control.tell(.session(session.description))
        drop(session)
    }

    private func open(_ name: String, for control: BrokerControl) {
        if let fault = KeptSessionName.fault(in: name) {
            return control.finish(.failed(exitCode: 2, "The session cannot have that name: \(fault)."))
        }
        guard sessions.count < KeptSessionLimits.sessions else {
            let most = KeptSessionLimits.sessions
            return control.finish(
                .failed(exitCode: 1, "\(most) sessions are kept, which is as many as there may be: close one.")
            )
        }
        do {
            let (own, carriers) = try FileDescriptor.makeSocketPair()
            let process = try startCarrier(control.variables, carriers)
            lastID += 1
            let session = BrokerSession(
                id: lastID,
                name: name,
                instance: RandomGuids().next(),
                process: process,
                carrier: own
            )
            sessions.append(session)
            control.opening = session
            control.tell(.taken)
            for request in control.request { session.tellCarrier(request) }
        } catch {
            control.finish(.failed(exitCode: 1, "What is to carry the session cannot be started: \(error)."))
        }
    }
}

/// Random GUIDs (RFC 9562, version 4).
struct RandomGuids: IdentifierSource {
    func next() -> PSGuid {
        var generator = SystemRandomNumberGenerator()
        return PSGuid(high: generator.next() & ~0xF000 | 0x4000, low: generator.next() & ~(3 << 62) | 2 << 62)
    }

    mutating func nextIdentifier() -> PSGuid { next() }
}

extension ControlReply {
    fileprivate static let unknownRequest = failed(exitCode: 2, "That is not a request that the broker knows.")
}
