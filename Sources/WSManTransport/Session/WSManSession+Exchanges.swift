import Connections
import EventLoops
import WSMan
import WSManEnvelope

extension Exchange {
    var createsShell: Bool { if case .create = operation { true } else { false } }
}

extension WSManSession {
    /// Takes an exchange that is to be begun, at once or after its delay.
    func add(_ exchange: Exchange) {
        guard exchange.delay > 0 else { return waiting.append(exchange) }
        delayed[exchange.id] = loop.schedule(at: .now + .seconds(exchange.delay)) { [weak self] in
            self?.assumeIsolated { session in
                session.delayed[exchange.id] = nil
                session.waiting.append(exchange)
                session.beginWaiting()
            }
        }
    }

    /// Begins what may: what is asked, one after the other, and Receives while what came has room.
    func beginWaiting() {
        guard failure == nil || isLeaving else { return }
        var rest: [Exchange] = []
        var isControlBusy = running.values.contains { $0.exchange.lane == .control }
        for exchange in waiting {
            switch exchange.lane {
            case .control where !isControlBusy:
                isControlBusy = true
                begin(exchange)
            case .receive where !inbox.isFull && !isLeaving: begin(exchange)
            case .control, .receive: rest.append(exchange)
            }
        }
        waiting = rest
    }

    private func begin(_ exchange: Exchange) {
        let connection = idle.popLast() ?? makeConnection()
        running[exchange.id] = RunningExchange(exchange: exchange, connection: connection)
        bound(exchange.id, within: exchange.answerWithin)
        if exchange.createsShell { makeReady() }
        Task(executorPreference: loop.taskExecutor) { await self.carry(exchange) }
    }

    /// Makes the connection that the session needs besides, while the shell is created.
    private func makeReady() {
        guard idle.isEmpty else { return }
        let connection = makeConnection()
        idle = [connection]
        Task(executorPreference: loop.taskExecutor) { await connection.prepare() }
    }

    /// So many connections are kept that carry nothing.
    static let mostIdle = 2

    /// - Parameter isForOpening: whether its phases are the session's.
    func makeConnection(isForOpening: Bool = false) -> WinRMConnection {
        let timeline = isForOpening ? timeline : ConnectionTimeline()
        return WinRMConnection(to: place, environment: environment, on: loop, timeline: timeline)
    }

    /// Waits for the answer of an exchange under way so long from now, and no longer.
    func bound(_ id: ExchangeID, within seconds: Double) {
        guard let before = running[id] else { return }
        if let timer = before.timer { loop.cancel(timer) }
        running[id]?.timer = loop.schedule(at: .now + .seconds(seconds)) { [weak self] in
            self?.assumeIsolated { $0.expire(id) }
        }
    }

    /// The time for an answer is over: whatever comes on that connection from here on is nobody's.
    private func expire(_ id: ExchangeID) {
        guard drop(id) else { return }
        take(carriage.exchangeExpired(id))
    }

    func abandon(_ id: ExchangeID) {
        waiting.removeAll { $0.id == id }
        if let timer = delayed.removeValue(forKey: id) { loop.cancel(timer) }
        _ = drop(id)
    }

    /// Ends an exchange under way, and its connection with it.
    /// - Returns: false where it is not under way.
    func drop(_ id: ExchangeID) -> Bool {
        guard let ended = end(id) else { return false }
        discard(ended.connection)
        return true
    }

    /// Takes an exchange from those under way.
    func end(_ id: ExchangeID) -> RunningExchange? {
        guard let ended = running.removeValue(forKey: id) else { return nil }
        if let timer = ended.timer { loop.cancel(timer) }
        whenChanged?.succeed(())
        return ended
    }

    func discard(_ connection: WinRMConnection) {
        connection.closeFromAnywhere()
    }
}
