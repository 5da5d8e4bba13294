import Connections
import EventLoops
import Files
import Threads

/// The socket of one process's pipe, confined to a loop.
actor PipeStream {
    nonisolated let inbox = Inbox<TransportInput>()
    nonisolated let outbox = Outbox()
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private nonisolated let loop: EventLoop
    private var socket: Watch?
    private var hasInput = false
    private var hasOutput = false
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// Looks for the pipe, off the loop, and connects to it.
    /// - Returns: false where it takes no further client now.
    /// - Throws: PipeFailure; TransportError where it is not found by the deadline.
    func connect(to place: PipePlace, in folders: [String], _ deadline: ConnectingDeadline?) async throws -> Bool {
        let found = Promise<FileDescriptor?>()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { found.fail(deadline.failure(of: place.label, in: .pipe)) }
        }
        defer { timer?.cancel() }
        Lane.files.submit {
            found.keep(Result { try PipeFile(HostProcess.pipe(of: place, folders: folders)).connect() })
        }
        let descriptor = try await withTaskCancellationHandler {
            try await found.value()
        } onCancel: {
            found.fail(CancellationError())
        }
        guard let descriptor else { return false }
        hasInput = true
        do {
            socket = try Watch(descriptor, .readable, on: loop) { [weak self] ready in
                self?.assumeIsolated { $0.serve(ready) }
            }
        } catch {
            throw TransportError(.pipeUnusable, phase: .pipe, "the pipe cannot be watched: \(error.reason).")
        }
        inbox.whenRoom { [weak self] in self?.onLoop { $0.change(input: true) } }
        outbox.whenWork { [weak self] in self?.onLoop { $0.write() } }
        return true
    }

    /// Ends the session's connection; the process lives on.
    func close() {
        outbox.fail(TransportError.pipeTakesNoMore)
        socket?.cancel()
        socket = nil
    }

    private nonisolated func onLoop(_ action: @escaping @Sendable (isolated PipeStream) -> Void) {
        loop.submit { self.assumeIsolated(action) }
    }

    private func serve(_ ready: Readiness) {
        if ready.contains(.writable) { write() }
        read()
    }

    private func read() {
        guard hasInput, let socket, let count = socket.read(into: &buffer) else { return }
        guard count > 0 else {
            close()
            return inbox.end(.success(.end(.unknown)))
        }
        if !inbox.deliver(.output([UInt8](buffer[..<count]))) { change(input: false) }
    }

    private func write() {
        guard let socket else { return }
        do {
            let isDone = try outbox.drain { chunk throws(TransportError) in
                guard let count = socket.write(chunk) else { throw .pipeTakesNoMore }
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
                "the pipe cannot be watched any more: \(error.reason)."
            )
            inbox.end(.failure(failure))
            outbox.fail(failure)
        }
    }
}

extension TransportError {
    fileprivate static let pipeTakesNoMore = TransportError(
        .connectionLost,
        phase: nil,
        "the process at the pipe's other end has left and takes no more input."
    )
}
