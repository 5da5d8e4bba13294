import Connections
import EventLoops
import Files
import PSRP
import PSRPEndpoint
import ShellDriver

/// One driven shell and the endpoint's session that serves it to this process, confined to a loop.
actor DrivenSession: SessionConnection {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    nonisolated let loop: EventLoop
    nonisolated let target: String
    nonisolated let inbox = Inbox<SessionInput>()
    let options: ShellTransport.Options

    var shell: DrivenShell
    /// Once the shell has said what it is.
    var endpoint: EndpointSession?
    let folder = CurrentFolder()
    /// What is asked of the shell, and what was found out about it.
    var work: ShellWork?
    var noise = NoiseLines()

    var shellLine: CommandLine?
    var guardLine: CommandLine?
    var timer: TimerToken?
    /// Kept once the shell, or its guard, serves.
    var starting: Promise<Void>?
    var closing = Closing.no
    /// Whoever waits until more may be read.
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var isDropped = false

    /// Bytes for the client that may wait before the shell's output is left in its channel.
    private static let outgoingLimit = 1 << 20
    /// Bytes that are taken from the endpoint ahead of their reading: a stopped pipeline's are dropped as long as the
    /// endpoint has them.
    private static let ahead = 64 << 10

    /// How far the end in order has come.
    enum Closing {
        case no
        case shell
        case rest
        case done
    }

    init(_ target: String, options: ShellTransport.Options, loop: EventLoop) {
        self.target = target
        self.options = options
        self.loop = loop
        let nonce = (0..<2).map { _ in UInt64.random(in: .min ... .max) }.map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        shell = DrivenShell(nonce: nonce.joined(), program: options.program)
        inbox.whenRoom { [weak self] in self?.onLoop { $0.deliver() } }
    }

    nonisolated func onLoop(_ action: @escaping @Sendable (isolated DrivenSession) -> Void) {
        loop.submit { self.assumeIsolated(action) }
    }

    /// Milliseconds of the monotonic clock.
    var now: UInt64 { monotonicNanoseconds() / 1_000_000 }

    // MARK: The client

    nonisolated func receive() async throws -> SessionInput { try await inbox.receive() }

    func send(_ requests: [CarriageRequest]) async throws {
        do throws(PSRPError) {
            let sent = requests.filter { if case .negotiated = $0 { false } else { true } }
            try endpoint?.receive(sent)
        } catch {
            inbox.deliver(.events([.broken(error)]))
        }
        pump()
    }

    /// Hands over what the endpoint has for its client, as far as that has room.
    private func deliver() {
        while !inbox.isFull, let events = endpoint?.eventsToSend(limit: Self.ahead), !events.isEmpty {
            inbox.deliver(.events(events))
        }
        wake()
    }

    // MARK: Moving on

    /// Does all that can be done now.
    func pump() {
        guard !isDropped else { return }
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            while let event = shell.nextEvent() {
                take(event)
                hasMoved = true
            }
            while let next = endpoint?.nextRequest() {
                handle(next.request, for: next.runspace)
                hasMoved = true
            }
        }
        folder.path = shell.workingDirectory
        shellLine?.send(shell.bytesForShell())
        guardLine?.send(shell.bytesForGuard())
        advanceClosing()
        deliver()
        setTimer()
    }

    private func setTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard let deadline = shell.deadline else { return }
        let delay = Duration.milliseconds(Int64(deadline > now ? deadline - now : 0))
        timer = loop.schedule(at: .now + delay) { [weak self] in
            self?.assumeIsolated { session in
                session.timer = nil
                session.shell.tick(at: session.now)
                session.pump()
            }
        }
    }

    /// Whether what the shell writes can be taken now.
    private var mayRead: Bool {
        guard shell.takesInput else { return false }
        guard let endpoint, endpoint.pendingByteCount >= Self.outgoingLimit else { return true }
        return endpoint.isStopping(0)
    }

    /// Waits until what the shell writes can be taken.
    func waitForRoom() async {
        while !isDropped, !mayRead {
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    private func wake() {
        guard isDropped || mayRead, !waiters.isEmpty else { return }
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }

    /// Ends what is left on this side; the connection's end ends the far side.
    func drop() {
        isDropped = true
        if let timer { loop.cancel(timer) }
        timer = nil
        shellLine?.drop()
        guardLine?.drop()
        wake()
    }
}

/// Where the shell is, for the endpoint's prompt.
final class CurrentFolder {
    var path = "/"
}
