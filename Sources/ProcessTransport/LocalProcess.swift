package import Connections
package import EventLoops
import Files
import Glibc
package import Processes
import Threads

/// One local process and its pipes, confined to a loop.
package actor LocalProcess {
    /// A process just started and our ends of its pipes.
    struct Started: Sendable {
        let child: ChildProcess
        let input: FileDescriptor
        let output: FileDescriptor
        let diagnostics: FileDescriptor

        /// Starts the process; blocks meanwhile.
        init(_ plan: ChildProcessPlan, in phase: ConnectionPhase) throws(TransportError) {
            let (input, output, diagnostics) = try Self.makePipes()
            do {
                child = try ChildProcess(
                    plan,
                    standardInput: input.reading,
                    standardOutput: output.writing,
                    standardError: diagnostics.writing
                )
            } catch {
                throw TransportError(error, phase: phase)
            }
            self.input = input.writing
            self.output = output.reading
            self.diagnostics = diagnostics.reading
        }

        private typealias Pipe = (reading: FileDescriptor, writing: FileDescriptor)

        private static func makePipes() throws(TransportError) -> (Pipe, Pipe, Pipe) {
            do {
                return (try FileDescriptor.makePipe(), try FileDescriptor.makePipe(), try FileDescriptor.makePipe())
            } catch {
                throw .noDescriptor(error)
            }
        }
    }

    package nonisolated let inbox = Inbox<TransportInput>()
    package nonisolated let outbox = Outbox()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private nonisolated let loop: EventLoop
    private var child: WatchedChild?
    private var input: Watch?
    private var output: Watch?
    private var diagnostics: Watch?
    private var status: ExitStatus?
    private var timer: TimerToken?
    /// Ends what is waited for from the process.
    private var bound: DeadlineTimer?
    /// Kept once the process is gone.
    private var gone: Promise<Void>?

    /// How long a stream may stay open once the process has ended, and the process run on once its streams have.
    private static let linger = Duration.milliseconds(200)

    package init(loop: EventLoop) {
        self.loop = loop
    }

    // MARK: Its beginning

    /// Starts the process, off the loop.
    /// - Parameter phase: the one that is under way.
    /// - Throws: TransportError where it cannot start or has not by the deadline.
    package func start(
        _ plan: ChildProcessPlan,
        in phase: ConnectionPhase = .subsystem,
        deadline: ConnectingDeadline?
    ) async throws {
        let starting = Promise<Started>()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { starting.fail(deadline.failure(of: plan.executable, in: phase)) }
        }
        defer { timer?.cancel() }
        Lane.files.submit { starting.keep(Result { try Started(plan, in: phase) }) }
        let started = try await withTaskCancellationHandler {
            try await starting.value()
        } onCancel: {
            starting.fail(CancellationError())
        }
        do {
            try adopt(started)
        } catch {
            letGo()
            throw TransportError(
                .processFailed,
                phase: phase,
                "cannot watch the streams of \(plan.executable): \(error.reason)."
            )
        }
    }

    private func adopt(_ started: Started) throws(WatchFailure) {
        child = try WatchedChild(started.child, on: loop) { [weak self] end in
            self?.assumeIsolated { $0.childIsOver(end) }
        }
        input = try Watch(started.input, [], on: loop) { [weak self] _ in self?.assumeIsolated { $0.write() } }
        output = try Watch(started.output, .readable, on: loop) { [weak self] _ in
            self?.assumeIsolated { $0.readOutput() }
        }
        diagnostics = try Watch(started.diagnostics, .readable, on: loop) { [weak self] _ in
            self?.assumeIsolated { $0.readDiagnostics() }
        }
        inbox.whenRoom { [weak self] in self?.onLoop { $0.watchOutput(.readable) } }
        outbox.whenWork { [weak self] in self?.onLoop { $0.write() } }
    }

    /// Nobody would tell of the process's streams: it has no time to go by itself.
    private func letGo() {
        closeInput()
        for watch in [output, diagnostics] { watch?.cancel() }
        (output, diagnostics) = (nil, nil)
        child?.end(by: .hasty)
    }

    /// Ends what is received, where the process has not said what it should by then; nil lifts that.
    package func bound(by deadline: ConnectingDeadline?, of target: String = "", in phase: ConnectionPhase = .subsystem)
    {
        bound?.cancel()
        bound = deadline.map { [inbox] deadline in
            DeadlineTimer(deadline, on: loop) { inbox.end(.failure(deadline.failure(of: target, in: phase))) }
        }
    }

    private nonisolated func onLoop(_ action: @escaping @Sendable (isolated LocalProcess) -> Void) {
        loop.submit { self.assumeIsolated(action) }
    }

    // MARK: Its streams

    private func readOutput() {
        guard let output, let bytes = output.read() else { return }
        if !bytes.isEmpty { return deliver(.output(bytes)) }
        output.cancel()
        self.output = nil
        streamEnded()
    }

    private func readDiagnostics() {
        guard let diagnostics, let bytes = diagnostics.read() else { return }
        if !bytes.isEmpty { return deliver(.diagnostics(bytes)) }
        diagnostics.cancel()
        self.diagnostics = nil
        streamEnded()
    }

    private func deliver(_ input: TransportInput) {
        if !inbox.deliver(input) { watchOutput([]) }
    }

    private func watchOutput(_ interest: Readiness) {
        do {
            try output?.want(interest)
            try diagnostics?.want(interest)
        } catch {
            inbox.end(.failure(TransportError.unwatched(error)))
        }
    }

    private func write() {
        guard let input else { return }
        do {
            let isDone = try outbox.drain { chunk throws(TransportError) in
                guard let count = input.write(chunk) else { throw .processTakesNoMore }
                return count
            }
            try input.want(isDone ? [] : .writable)
        } catch {
            outbox.fail((error as? WatchFailure).map(TransportError.unwatched) ?? error)
            closeInput()
        }
    }

    /// Nothing more is written: the process sees the end of its input.
    package func closeInput() {
        input?.cancel()
        input = nil
    }

    // MARK: Its end

    /// Ends the process, whatever it does: its input is closed, then SIGTERM and SIGKILL go to its group.
    package func end(by teardown: Teardown) async {
        bound(by: nil)
        outbox.fail(TransportError.processTakesNoMore)
        closeInput()
        // Nobody reads any more; a process that waits to write must see that too.
        output?.cancel()
        diagnostics?.cancel()
        (output, diagnostics) = (nil, nil)
        cancelTimer()
        if let child {
            let gone = Promise<Void>()
            self.gone = gone
            child.end(by: teardown)
            try? await gone.value()
        }
        cancelTimer()
    }

    private func childIsOver(_ end: ProcessEnd?) {
        status = ExitStatus(end)
        child = nil
        cancelTimer()
        gone?.succeed(())
        streamEnded()
    }

    /// Tells the receiver of the end once both streams and the process have ended, or one of them long enough ago.
    private func streamEnded() {
        if output == nil, diagnostics == nil, let status { return inbox.end(.success(.end(status))) }
        guard gone == nil, status != nil || output == nil else { return }
        setTimer(after: Self.linger) { process in
            guard !process.inbox.isFull else { return process.streamEnded() }
            process.inbox.end(.success(.end(process.status ?? .unknown)))
        }
    }

    private func setTimer(after delay: Duration, _ action: @escaping @Sendable (isolated LocalProcess) -> Void) {
        cancelTimer()
        timer = loop.schedule(at: .now + delay) { [weak self] in self?.assumeIsolated(action) }
    }

    private func cancelTimer() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}

extension TransportError {
    fileprivate static func unwatched(_ failure: WatchFailure) -> TransportError {
        TransportError(
            .connectionLost,
            phase: nil,
            "the local process's streams cannot be watched any more: \(failure.reason)."
        )
    }

    fileprivate static let processTakesNoMore = TransportError(
        .connectionLost,
        phase: nil,
        "the local process takes no more input: it has ended, or has closed its input."
    )
}
