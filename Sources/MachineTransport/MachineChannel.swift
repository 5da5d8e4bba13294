import Connections
import EventLoops
import Files
import Glibc
import PSRP
import Synchronization
import SystemErrors
import Threads

/// Enters a machine through its channel: the hypervisor's Unix socket, and an endpoint at the guest's end, which serves one
/// client after the other.
struct MachineChannel: ByteTransport {
    let place: MachinePlace
    let socket: String
    let loop: EventLoop

    /// The hypervisor takes one client at a time; so long is waited before another look.
    private static let pause = Duration.milliseconds(100)
    /// Bytes of an earlier client's that may come before the endpoint's word: it holds less than that for one.
    static let longestLeftover = 4 << 20

    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        let stream = UnixStream(loop: loop, gone: .hungUp)
        let early = Mutex<[UInt8]>([])
        let target = place.label
        return try await stream.whileConnected(
            in: .virtio,
            timeline: timeline,
            connect: {
                let clock = await ReceivingClock(deadline, of: target, in: .virtio, stream)
                do {
                    try await connect(stream, deadline)
                    let rest = try await greet(stream)
                    early.withLock { $0 = rest }
                    await clock.stop()
                } catch {
                    await clock.stop()
                    throw (error as? MachineFailure)?.error(place) ?? error
                }
                timeline.end()
            },
            { connection in
                try await body(GreetedConnection(connection: connection, first: early.withLock { $0 }))
            }
        )
    }

    private func connect(_ stream: UnixStream, _ deadline: ConnectingDeadline?) async throws {
        while try await !stream.connect(to: socket, of: place, deadline) { try await Task.sleep(for: Self.pause) }
    }

    /// - Returns: nil where so many wait already that there is no room for one more now.
    fileprivate static func connect(to path: String) throws(MachineFailure) -> FileDescriptor? {
        func failure(_ code: Int32) -> MachineFailure {
            .channelClosed(socket: path, reason: describe(errno: code))
        }
        let file: FileDescriptor
        do throws(SystemError) { file = try FilePaths.look(at: path) } catch { throw failure(error.code) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = Glibc.socket(AF_UNIX, kind, 0)
        guard number >= 0 else { throw failure(errno) }
        let socket = FileDescriptor(owning: number)
        // A path of its own may be longer than an address takes.
        guard let address = UnixAddress("/proc/self/fd/\(file.raw)") else { return nil }
        if address.withPointer({ Glibc.connect(number, $0, $1) }) == 0 { return socket }
        guard errno == EAGAIN || errno == EINTR else { throw failure(errno) }
        return nil
    }

    /// Begins anew, whatever an earlier client has left.
    /// - Returns: what came behind the endpoint's answer.
    private func greet(_ stream: UnixStream) async throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let greeting = ChannelGreeting(random: generator.next(), generator.next())
        try await stream.outbox.send(greeting.bytes)
        var reader = ChannelReader()
        var (leftover, rest): (Int, [UInt8]?) = (0, nil)
        while true {
            guard case .output(let bytes) = try await stream.inbox.receive() else {
                throw MachineFailure.hungUp(socket)
            }
            for piece in reader.receive(bytes) {
                switch piece {
                case .bytes(let bytes): if rest == nil { leftover += bytes.count } else { rest? += bytes }
                case .greeting(let answer) where answer.nonce == greeting.nonce:
                    let user = answer.user ?? ""
                    guard user == place.user else { throw MachineFailure.channelUser(user) }
                    rest = []
                case .greeting: break
                }
            }
            guard leftover <= Self.longestLeftover else { throw MachineFailure.channelForeign }
            if let rest { return rest + reader.begun }
        }
    }
}

extension UnixStream {
    /// Connects to a machine's channel, off the loop.
    /// - Returns: false where so many wait already that there is no room for one more now.
    /// - Throws: MachineFailure; TransportError where it has not connected by the deadline.
    fileprivate func connect(to socket: String, of place: MachinePlace, _ deadline: ConnectingDeadline?) async throws
        -> Bool
    {
        let found = Promise<FileDescriptor?>()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { found.fail(deadline.failure(of: place.label, in: .virtio)) }
        }
        defer { timer?.cancel() }
        Lane.files.submit { found.keep(Swift.Result { try MachineChannel.connect(to: socket) }) }
        let descriptor = try await withTaskCancellationHandler {
            try await found.value()
        } onCancel: {
            found.fail(CancellationError())
        }
        guard let descriptor else { return false }
        do {
            try begin(descriptor)
        } catch {
            throw MachineFailure.channelClosed(socket: socket, reason: error.reason)
        }
        return true
    }
}

extension MachineFailure {
    fileprivate static func hungUp(_ socket: String) -> MachineFailure {
        .channelClosed(socket: socket, reason: "the virtual machine has closed it")
    }
}

extension TransportError {
    fileprivate static let hungUp = TransportError(
        .connectionLost,
        phase: nil,
        "the virtual machine has closed its channel, and takes no more input."
    )
}

/// Ends what is received over a stream, where what is waited for has not come by the deadline.
private actor ReceivingClock {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private nonisolated let loop: EventLoop
    private var timer: DeadlineTimer?

    init(_ deadline: ConnectingDeadline?, of target: String, in phase: ConnectionPhase, _ stream: UnixStream) async {
        loop = stream.loop
        begin(deadline, of: target, in: phase, stream)
    }

    private func begin(
        _ deadline: ConnectingDeadline?,
        of target: String,
        in phase: ConnectionPhase,
        _ stream: UnixStream
    ) {
        timer = deadline.map { [inbox = stream.inbox] deadline in
            DeadlineTimer(deadline, on: loop) { inbox.end(.failure(deadline.failure(of: target, in: phase))) }
        }
    }

    func stop() {
        timer?.cancel()
        timer = nil
    }
}

/// A connection whose first bytes have come already.
private final class GreetedConnection: TransportConnection {
    private let connection: any TransportConnection
    private let first: Mutex<[UInt8]>

    init(connection: any TransportConnection, first: [UInt8]) {
        self.connection = connection
        self.first = Mutex(first)
    }

    func receive() async throws -> TransportInput {
        let bytes = first.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
        return bytes.isEmpty ? try await connection.receive() : .output(bytes)
    }

    func send(_ bytes: [UInt8]) async throws { try await connection.send(bytes) }
}
