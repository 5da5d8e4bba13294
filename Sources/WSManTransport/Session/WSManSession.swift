import Connections
import EventLoops
import PSRP
import WSMan

/// A session's shell on a WinRM service: which connection carries which exchange, and when. Confined to a loop.
///
/// A connection carries one exchange at a time, whichever that is. What the session asks is asked one after the other; the
/// pool and each running pipeline have a Receive that waits besides. So an open session has two connections, of which the
/// second is made while the shell is created, and one more for as long as a pipeline is stopped or answered.
actor WSManSession {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let loop: EventLoop
    nonisolated let inbox = Inbox<SessionInput>()
    nonisolated let timeline: ConnectionTimeline
    nonisolated let environment: WSManEnvironment
    nonisolated let turn: WSManTurn
    nonisolated let redirect: WSManRedirection

    var place: WinRMPlace
    var carriage: WSManClientCarriage
    /// What the shell is asked for on.
    var first: WinRMConnection
    /// Connections that carry nothing now, the one that was used last at the end.
    var idle: [WinRMConnection]
    /// What waits for its turn, or for room in the inbox.
    var waiting: [Exchange] = []
    var running: [ExchangeID: RunningExchange] = [:]
    /// Exchanges that are begun after a while.
    var delayed: [ExchangeID: TimerToken] = [:]
    var shell = ShellState.none
    var deadline: ConnectingDeadline?
    /// What asks for the shell, for as long as it may be asked for again.
    var opening: CarriageRequest?
    /// How often a busy server was asked again, and how often one said that the service is elsewhere.
    var attempts = 0
    var redirections = 0
    /// Why nothing is carried any more.
    var failure: (any Error)?
    var isLeaving = false
    /// Whether it is left, and no connection is kept.
    var isOver = false
    /// Told once an exchange has ended, while the session is left.
    var whenChanged: Promise<Void>?

    /// What is known of the shell on the server.
    enum ShellState {
        case none
        /// Create is on its way, or its answer was lost.
        case asked
        case open
    }

    struct RunningExchange {
        let exchange: Exchange
        var connection: WinRMConnection
        /// When its answer is no longer waited for; nil before it is sent.
        var timer: TimerToken?
    }

    init(
        to place: WinRMPlace,
        environment: WSManEnvironment,
        redirect: WSManRedirection,
        turn: WSManTurn,
        timeline: ConnectionTimeline,
        on loop: EventLoop
    ) {
        self.place = place
        self.environment = environment
        self.redirect = redirect
        self.turn = turn
        self.timeline = timeline
        self.loop = loop
        carriage = environment.carriage(to: place)
        first = WinRMConnection(to: place, environment: environment, on: loop, timeline: timeline)
        idle = [first]
    }

    /// Connects, as far as that goes without a request that does something.
    func connect(_ deadline: ConnectingDeadline?) async throws {
        self.deadline = deadline
        inbox.whenRoom { [weak self] in self?.onLoop { $0.beginWaiting() } }
        await first.setDeadline(deadline)
        while true {
            await first.prepare()
            do {
                return try await first.prepared()
            } catch let elsewhere as ServiceElsewhere where failure == nil {
                try await move(to: elsewhere.location)
            } catch {
                throw connectionError(error)
            }
        }
    }

    /// Asks a carriage's requests of the server.
    func ask(_ requests: [CarriageRequest]) {
        guard failure == nil else { return }
        for case .open(let bytes) in requests {
            shell = .asked
            opening = .open(bytes)
        }
        let progress = carriage.send(requests)
        // What this side does is not a sign of life.
        if !progress.events.isEmpty { inbox.deliver(.events(progress.events)) }
        perform(progress.actions)
    }

    /// Ends what the session waits for before it has a shell.
    nonisolated func abortFromAnywhere(_ error: any Error) {
        onLoop { session in
            session.first.abortFromAnywhere(error)
            session.fail(error)
        }
    }

    nonisolated func onLoop(_ action: @escaping @Sendable (isolated WSManSession) -> Void) {
        loop.submit { self.assumeIsolated(action) }
    }

    /// Ends the session: nothing more is carried. The first error stands.
    func fail(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        inbox.end(.failure(error))
    }

    /// There is a shell: the clock for connecting is the session's now.
    private func stands() {
        shell = .open
        opening = nil
        let first = first
        Task(executorPreference: loop.taskExecutor) { await first.clearDeadline() }
    }

    /// Tells the session what came of an answer, and does what follows from it.
    func take(_ progress: WSManProgress) {
        for event in progress.events {
            if case .acknowledged(.open, .pool) = event, shell == .asked { stands() }
        }
        // None is a sign of life all the same.
        inbox.deliver(.events(progress.events))
        perform(progress.actions)
    }

    func perform(_ actions: [WSManAction]) {
        for action in actions {
            switch action {
            case .exchange(let exchange): add(exchange)
            case .abandon(let id): abandon(id)
            case .bound(let id, let seconds): bound(id, within: seconds)
            }
        }
        beginWaiting()
    }
}
