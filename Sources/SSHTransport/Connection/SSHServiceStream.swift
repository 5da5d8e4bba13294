import Connections
import EventLoops

/// The channel that carries a session: between libssh's buffers and the connection's inbox and outbox.
final class SSHServiceStream: SSHLinkUser {
    private let channel: SSHChannelHandle
    private let inbox: Inbox<TransportInput>
    private let outbox: Outbox
    private let loop: EventLoop

    /// How long a channel whose data has ended may take to close, and to say how its process ended.
    private static let linger = Duration.seconds(2)

    /// The same for one whose process has ended, and whose data has not: what the process left holds its streams.
    private static let exitLinger = Duration.milliseconds(500)

    /// - Parameter endsAtExit: whether the end of its process is its end.
    init(
        channel: SSHChannelHandle,
        inbox: Inbox<TransportInput>,
        outbox: Outbox,
        loop: EventLoop,
        endsAtExit: Bool = false
    ) {
        self.channel = channel
        self.loop = loop
        self.inbox = inbox
        self.outbox = outbox
        channel.onData = { [unowned channel] bytes, isDiagnostics in
            let hasRoom = inbox.deliver(isDiagnostics ? .diagnostics(Array(bytes)) : .output(Array(bytes)))
            channel.isPaused = !hasRoom
        }
        channel.onEnd = { [weak self] in self?.awaitClose(Self.linger) }
        if endsAtExit { channel.onExit = { [weak self] in self?.awaitClose(Self.exitLinger) } }
        if channel.isAtEnd { awaitClose(Self.linger) }
        if endsAtExit, channel.exitStatus != .unknown { awaitClose(Self.exitLinger) }
    }

    private func awaitClose(_ linger: Duration) {
        _ = loop.schedule(at: .now + linger) { [weak self] in
            guard let self else { return }
            guard !channel.hasLeftover else { return awaitClose(linger) }
            outbox.fail(TransportError.farProcessEnded)
            inbox.end(.success(.end(channel.exitStatus)))
        }
    }

    func serve() throws -> Bool {
        var hasMoved = false
        if channel.isPaused, !inbox.isFull { channel.isPaused = false }
        if channel.hasLeftover, !channel.isPaused {
            try channel.drain()
            hasMoved = true
        }
        if channel.isClosed, !channel.hasLeftover {
            outbox.fail(TransportError.farProcessEnded)
            inbox.end(.success(.end(channel.exitStatus)))
            // A server that takes few channels counts it until then.
            channel.release()
            return hasMoved
        }
        _ = try outbox.drain { chunk in
            let count = try channel.write(chunk)
            if count > 0 { hasMoved = true }
            return count
        }
        return hasMoved
    }

    func linkWasLost(_ error: any Error) {
        inbox.end(.failure(error))
        outbox.fail(error)
    }
}

extension TransportError {
    fileprivate static let farProcessEnded = TransportError(
        .connectionLost,
        phase: nil,
        "the process at the far end has ended and takes no more input."
    )
}
