import CLIXML
import Connections
import Files
import Glibc
import KeptSessions
import PSRP
import Processes

/// One session of the broker's: what carries it, its socket, who is in it and who waits.
final class BrokerSession {
    enum Phase {
        /// What carries it is connecting, and talks to the opener.
        case connecting(ControlReader)
        /// The pool is being opened, until then, in nanoseconds of the monotonic clock.
        case opening(until: UInt64?, ControlReply.FirstWord?)
        case kept
        case failed(exitCode: Int, String)
    }

    /// A visitor that has been told its last word may read it for so long.
    private static let leavingPatience: UInt64 = 10_000_000_000
    /// Between two looks whether what carries it goes on.
    private static let lookPause: UInt64 = 200_000_000

    let id: Int
    let name: String
    private let instance: PSGuid
    private(set) var target = ""
    private(set) var phase = Phase.connecting(ControlReader(upTo: ControlReply.lastBeforePSRP))
    private var pool: HeldPool
    private var carrier: BrokerPort?
    /// Held until its end is waited for by the broker.
    let process: ChildProcess
    private var listener: FileDescriptor?
    private var visitor: BrokerPort?
    /// When it should have opened its pool, in nanoseconds of the monotonic clock.
    private var visitorUntil: UInt64 = 0
    /// Who is in, and since when.
    private var who: KeptSession.Visitor?
    private var waiting: [BrokerPort] = []
    /// When it is looked again whether what carries it goes on, in nanoseconds of the monotonic clock.
    private var looksAgain: UInt64?
    /// When the next visitor is taken, in nanoseconds of the monotonic clock.
    private var acceptsAgain: UInt64 = 0
    private var leaving: [(port: BrokerPort, until: UInt64)] = []
    private var idleSince: Int64?
    /// Whether `serve` is to be called: something came, a time is over, or it is being opened.
    var isDue = true
    /// Whether it is among the quiet ones.
    var isQuiet = false

    init(id: Int, name: String, instance: PSGuid, process: ChildProcess, carrier: FileDescriptor) {
        self.id = id
        self.name = name
        self.instance = instance
        self.process = process
        self.carrier = BrokerPort(carrier)
        pool = HeldPool(pool: instance, identifiers: RandomGuids())
    }

    var description: KeptSession {
        var (state, reason) = (KeptSession.State.busy, "")
        // A visit asks for all of them: of the quiet ones, what costs little is asked.
        let stopped = !isQuiet || process.isStopped ? stopped : nil
        switch pool.state {
        case .available: (state, reason) = stopped.map { (.busy, $0) } ?? (.available, "")
        case .busy where who == nil: reason = stopped ?? "what its last visitor left running is being stopped"
        case .opening, .busy: reason = stopped ?? ""
        case .broken(let why): (state, reason) = (.broken, why)
        }
        return KeptSession(
            id: id,
            name: name,
            instanceID: instance.description,
            target: target,
            state: state,
            idleSince: state == .busy ? nil : idleSince,
            reason: reason,
            visitor: state == .busy ? who : nil
        )
    }

    /// Why nobody is let in, where the process that carries it was stopped (SIGSTOP); nil where it was not.
    private var stopped: String? {
        guard carrier != nil, let number = process.livingNumber, ProcessState.isStopped(number) else { return nil }
        return "what carries it (process \(number)) was stopped from outside; `kill -CONT \(number)` lets it go on"
    }

    /// Whether it is open, or was.
    var isKept: Bool { if case .kept = phase { true } else { false } }

    /// Names are the same in any letter case.
    func hasName(of other: BrokerSession) -> Bool { name.lowercased() == other.name.lowercased() }

    /// Says something to what carries it, while that connects.
    func tellCarrier(_ request: ControlRequest) {
        carrier?.send(ControlLine.encode(request.fields))
    }

    // MARK: Waiting

    /// How many have connected to it, and are not in.
    var visitorsOutside: Int { waiting.count + leaving.count }

    /// Adds what to wait for.
    func addWaits(to all: inout [pollfd], acceptsMore: Bool) {
        if let carrier { all.append(carrier.wait(reading: visitor?.hasRoom ?? true)) }
        if let visitor { all.append(visitor.wait(reading: visitor.hasRoom && carrier?.hasRoom ?? true)) }
        let accepts = acceptsMore && monotonicNanoseconds() >= acceptsAgain
        if let listener, accepts, visitorsOutside < KeptSessionLimits.visitors {
            all.append(pollfd(fd: listener.raw, events: Int16(POLLIN), revents: 0))
        }
        for port in waiting { all.append(port.wait(reading: false)) }
        for leaver in leaving { all.append(leaver.port.wait(reading: true)) }
    }

    /// When `serve` is to be called even if nothing came, in nanoseconds of the monotonic clock.
    var deadline: UInt64? {
        var all = leaving.map(\.until)
        if acceptsAgain > monotonicNanoseconds() { all.append(acceptsAgain) }
        if case .opening(let until?, _) = phase { all.append(until) }
        if visitor != nil, !pool.isVisitOpen { all.append(visitorUntil) }
        if let looksAgain { all.append(looksAgain) }
        return all.min()
    }

    /// What is waited for where nobody is in it or comes, and no clock runs; nil where that is not so.
    var quietDescriptors: [Int32]? {
        guard isKept, visitor == nil, waiting.isEmpty, leaving.isEmpty, deadline == nil else { return nil }
        guard carrier?.waitingBytes ?? 0 == 0 else { return nil }
        return [carrier?.descriptor.raw, listener?.raw].compactMap(\.self)
    }

    // MARK: Serving

    /// Takes what came.
    /// - Parameters:
    ///   - ready: the descriptors at which something happened.
    ///   - place: where its socket is made.
    /// - Returns: what the opener is to be told.
    func serve(
        _ ready: Set<Int32>,
        at place: BrokerPlace,
        now: UInt64 = monotonicNanoseconds()
    ) -> [ControlReply] {
        var replies: [ControlReply] = []
        if let carrier, ready.contains(carrier.descriptor.raw) {
            carrier.flush()
            if let bytes = carrier.receive() { replies += take(bytes) }
        }
        if let visitor, ready.contains(visitor.descriptor.raw) {
            visitor.flush()
            if let bytes = visitor.receive() {
                if bytes.isEmpty { leave() } else { pool.receiveVisitor(bytes) }
            }
        }
        if let listener, ready.contains(listener.raw) {
            if let client = LocalSocket.accept(listener) {
                waiting.append(BrokerPort(client))
            } else if errno == EMFILE || errno == ENFILE {
                // Without descriptors the client would be told of again and again.
                acceptsAgain = monotonicNanoseconds() + 1_000_000_000
            }
        }
        // Whoever has given up waiting is not let in.
        waiting.removeAll { ready.contains($0.descriptor.raw) && $0.hasLeft }
        if visitor != nil, !pool.isVisitOpen, now >= visitorUntil {
            pool.putVisitorOut("Nothing was opened within \(KeptSessionLimits.visitorSeconds) s.")
        }
        leaving.removeAll { leaver in
            leaver.port.flush()
            guard now < leaver.until, !leaver.port.isDeaf else { return true }
            return ready.contains(leaver.port.descriptor.raw) && leaver.port.receive()?.isEmpty == true
        }
        pump(now)
        return replies + advance(at: place, now)
    }

    /// How what carries it has ended; its socket closes a moment before.
    private var ending: String {
        guard process.hasEnded(within: .milliseconds(200)), let end = process.peekAtEnd() else { return "" }
        return switch end {
        case .exited(let code): " (exit status \(code))"
        case .killed(let signal): " (signal \(signal))"
        }
    }

    private func take(_ bytes: [UInt8]) -> [ControlReply] {
        guard !bytes.isEmpty else {
            carrier = nil
            if case .connecting = phase {
                phase = .failed(exitCode: 1, "What carries the session has ended before it was connected\(ending).")
            }
            pool.heldEnded()
            return []
        }
        guard case .connecting(var reader) = phase else {
            pool.receiveHeld(bytes)
            return []
        }
        var replies: [ControlReply] = []
        for reply in reader.receive(bytes).compactMap({ ControlReply($0) }) {
            switch reply {
            case .connected(let name, let milliseconds, let firstWord):
                target = name
                let until = milliseconds.map { monotonicNanoseconds() + UInt64(max(0, $0)) * 1_000_000 }
                phase = .opening(until: until, firstWord)
                pool.receiveHeld(reader.takeRest())
                return replies
            case .failed(let code, let message): phase = .failed(exitCode: code, message)
            case .ask, .remark: replies.append(reply)
            case .taken, .session, .done: break
            }
        }
        guard case .connecting = phase else { return replies }
        phase = reader.isTooMuch ? .failed(exitCode: 1, "What carries the session says too much.") : .connecting(reader)
        return replies
    }

    /// Passes on what the pool has for either side, and lets the next visitor in.
    private func pump(_ now: UInt64) {
        while true {
            if case .connecting = phase { return }
            // Nothing is to be had of it any more: what carries it ends, and its connection.
            if case .broken = pool.state { carrier = nil }
            carrier?.send(pool.takeForHeld())
            visitor?.send(pool.takeForVisitor())
            if visitor?.isDeaf == true { leave() }
            guard pool.isVisitOver || visitor == nil else { return }
            if pool.isVisitOver {
                if let visitor { leaving.append((visitor, now + Self.leavingPatience)) }
                (visitor, who) = (nil, nil)
                pool.endVisit()
                idleSince = Int64(time(nil))
            }
            looksAgain = nil
            guard !waiting.isEmpty, pool.state != .busy, pool.state != .opening else { return }
            // Whoever was let in would have an open pool, and no clock but that of a dead far side.
            guard stopped == nil else { return looksAgain = now + Self.lookPause }
            let next = waiting.removeFirst()
            visitor = next
            let process = LocalSocket.peer(of: next.descriptor)?.process ?? 0
            who = KeptSession.Visitor(process: process, since: Int64(time(nil)))
            visitorUntil = now + UInt64(KeptSessionLimits.visitorSeconds) * 1_000_000_000
            pool.visitorArrived()
            if let bytes = visitor?.receive() {
                if bytes.isEmpty { leave() } else { pool.receiveVisitor(bytes) }
            }
        }
    }

    private func leave() {
        (visitor, who) = (nil, nil)
        pool.visitorLeft()
        carrier?.send(pool.takeForHeld())
    }

    private func advance(at place: BrokerPlace, _ now: UInt64) -> [ControlReply] {
        guard case .opening(let until, var firstWord) = phase else { return [] }
        if pool.hasAnswered { firstWord = nil }
        switch pool.state {
        case .available, .busy:
            do throws(BrokerError) {
                listener = try LocalSocket.listen(at: place.session(id))
            } catch {
                phase = .failed(exitCode: 1, error.message)
                return []
            }
            phase = .kept
            idleSince = Int64(time(nil))
            return [.session(description), .done]
        case .broken(let reason):
            phase = .failed(exitCode: 4, "\(target): in phase \(firstWord?.phase ?? "psrp_open"): \(reason).")
        case .opening:
            guard let until, now >= until else { return [] }
            let late = firstWord?.late ?? "\(ConnectingDeadline.parameter) ran out while opening the runspace pool."
            phase = .failed(exitCode: 4, "\(target): in phase \(firstWord?.phase ?? "psrp_open"): \(late)")
        }
        return []
    }

    /// Ends it: whoever is in it, or waits, is told that and loses its connection, and what carries it ends.
    func end(at place: BrokerPlace) {
        if listener != nil { unlink(place.session(id)) }
        let reason = "the kept session \(name) was closed by `psrun session close`."
        if visitor != nil {
            pool.putVisitorOut(reason)
            visitor?.send(pool.takeForVisitor())
        }
        for visitor in waiting { visitor.send(OutOfProcessErrorLine.bytes(reason)) }
        (listener, visitor, carrier) = (nil, nil, nil)
        (waiting, leaving) = ([], [])
    }
}
