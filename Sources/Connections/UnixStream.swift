package import EventLoops
package import Files

/// A stream socket of this computer's, confined to a loop.
package actor UnixStream {
    package nonisolated let inbox = Inbox<TransportInput>()
    package nonisolated let outbox = Outbox()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    package nonisolated let loop: EventLoop
    /// Why nothing can be sent any more.
    private let gone: TransportError
    private var socket: Watch?
    private var hasInput = false
    private var hasOutput = false

    /// - Parameter gone: told to whoever sends once the other end has left.
    package init(loop: EventLoop, gone: TransportError) {
        self.loop = loop
        self.gone = gone
    }

    /// Connects in a phase, does `body`, and closes, whatever comes of it.
    /// - Parameter connect: ends with `begin`.
    package nonisolated func whileConnected<Result: Sendable>(
        in phase: ConnectionPhase,
        timeline: ConnectionTimeline,
        connect: () async throws -> Void,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(phase)
        defer { timeline.end() }
        do {
            try await connect()
            let result = try await body(UnixConnection(self))
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }

    /// Takes a connected socket over.
    package func begin(_ descriptor: FileDescriptor) throws(WatchFailure) {
        hasInput = true
        socket = try Watch(descriptor, .readable, on: loop) { [weak self] ready in
            self?.assumeIsolated { $0.serve(ready) }
        }
        inbox.whenRoom { [weak self] in self?.onLoop { $0.change(input: true) } }
        outbox.whenWork { [weak self] in self?.onLoop { $0.write() } }
    }

    /// Ends the connection.
    package func close() {
        outbox.fail(gone)
        socket?.cancel()
        socket = nil
    }

    private nonisolated func onLoop(_ action: @escaping @Sendable (isolated UnixStream) -> Void) {
        loop.submit { self.assumeIsolated(action) }
    }

    private func serve(_ ready: Readiness) {
        if ready.contains(.writable) { write() }
        read()
    }

    private func read() {
        guard hasInput, let socket, let bytes = socket.read() else { return }
        guard !bytes.isEmpty else {
            close()
            return inbox.end(.success(.end(.unknown)))
        }
        if !inbox.deliver(.output(bytes)) { change(input: false) }
    }

    private func write() {
        guard let socket else { return }
        do {
            let isDone = try outbox.drain { [gone] chunk throws(TransportError) in
                guard let count = socket.write(chunk) else { throw gone }
                return count
            }
            change(output: !isDone)
        } catch {
            outbox.fail(error)
        }
    }

    private func change(input: Bool? = nil, output: Bool? = nil) {
        hasInput = input ?? hasInput
        hasOutput = output ?? hasOutput
        var interest: Readiness = hasInput ? .readable : []
        if hasOutput { interest.insert(.writable) }
        do {
            try socket?.want(interest)
        } catch {
            let failure = TransportError(
                .connectionLost,
                phase: nil,
                "the socket cannot be watched any more: \(error.reason)."
            )
            inbox.end(.failure(failure))
            outbox.fail(failure)
        }
    }
}

/// A session's view of its socket.
package struct UnixConnection: TransportConnection {
    private let stream: UnixStream

    package init(_ stream: UnixStream) {
        self.stream = stream
    }

    package func receive() async throws -> TransportInput {
        try await stream.inbox.receive()
    }

    package func send(_ bytes: [UInt8]) async throws {
        try await stream.outbox.send(bytes)
    }
}
