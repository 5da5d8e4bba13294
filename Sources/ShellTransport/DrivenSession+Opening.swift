import Connections
import EventLoops
import PSRP
import PSRPEndpoint
import ShellDriver

// From a connection to a shell that serves.
extension DrivenSession {
    /// - Throws: TransportError; CancellationError.
    func begin(
        on commands: any CommandConnection,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?
    ) async throws {
        timeline.begin(.shell)
        let connection = try await commands.start(shell.startCommand)
        try await waitForStart(in: .shell, deadline) { session in
            session.shellLine = CommandLine(connection, on: session.loop) { await session.read(connection) }
            session.shell.begin(at: session.now)
        }
        timeline.begin(.shellGuard)
        do {
            let connection = try await commands.start(shell.guardCommand)
            try await waitForStart(in: .shellGuard, deadline) { session in
                session.guardLine = CommandLine(connection, on: session.loop) { await session.readGuard(connection) }
            }
        } catch let error as TransportError where error.code == .commandRefused {
            shell.guardEnded("the far side takes no second channel beside the shell's (MaxSessions 1)", at: now)
            pump()
        }
        await commands.isReady()
        timeline.end()
    }

    /// Waits until what `begin` starts has said that it serves, or the deadline has passed.
    private func waitForStart(
        in phase: ConnectionPhase,
        _ deadline: ConnectingDeadline?,
        _ begin: (isolated DrivenSession) -> Void
    ) async throws {
        let promise = Promise<Void>()
        starting = promise
        let timer = deadline.map { [target] deadline in
            DeadlineTimer(deadline, on: loop) { promise.fail(deadline.failure(of: target, in: phase)) }
        }
        defer {
            timer?.cancel()
            starting = nil
        }
        begin(self)
        pump()
        try await withTaskCancellationHandler {
            try await promise.value()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    // MARK: What comes

    private nonisolated func read(_ connection: any TransportConnection) async {
        do {
            while !Task.isCancelled {
                await waitForRoom()
                let input = try await connection.receive()
                let isOver = await take(input)
                if isOver { return }
            }
        } catch {
            await lose(error)
        }
    }

    private func take(_ input: TransportInput) -> Bool {
        switch input {
        case .output(let bytes): shell.receive(bytes, from: .output, at: now)
        case .diagnostics(let bytes): shell.receive(bytes, from: .errors, at: now)
        case .end(let status):
            shell.receiveEnd()
            pump()
            shellHasEnded(status)
            pump()
            return true
        }
        pump()
        return false
    }

    private nonisolated func readGuard(_ connection: any TransportConnection) async {
        while !Task.isCancelled, let input = try? await connection.receive() {
            switch input {
            case .output(let bytes):
                await heardOfGuard { $0.shell.receiveFromGuard(bytes, at: $0.now) }
            case .diagnostics: break
            case .end:
                return await heardOfGuard { $0.shell.guardEnded("the shell's guard has ended", at: $0.now) }
            }
        }
    }

    private func heardOfGuard(_ change: @Sendable (isolated DrivenSession) -> Void) {
        change(self)
        pump()
    }

    /// The connection itself broke: its owner is told, and there is nobody to serve.
    private func lose(_ error: any Error) {
        starting?.fail(error)
        inbox.end(.failure(error))
    }

    private func shellHasEnded(_ status: ExitStatus) {
        guard endpoint != nil, starting == nil else {
            let words = shell.chatter.isEmpty ? noise.last : shell.chatter
            let said =
                String(decoding: words, as: UTF8.self).split(separator: "\n").last.map { "; it said: \($0)" } ?? ""
            return refuse("the shell ended before it served (\(status.words)\(said)).")
        }
        switch status {
        case .code(let code) where !options.tellsSignals:
            endpoint?.handle(.gone(ShellEnd(statusOfSomeShell: code)))
        case .code(let code): endpoint?.handle(.gone(.exited(code)))
        case .signal(let name):
            endpoint?.handle(.gone(.killed(signal: ExitStatus.signalNumbers[name] ?? Int32(name) ?? 0)))
        case .unknown: lose("its streams have ended, and nothing says how the shell did.")
        }
    }

    /// Nothing is known of the shell any more, nor of what ran in it: the session breaks, behind all that came of it.
    func lose(_ reason: String) {
        while let events = endpoint?.eventsToSend(), !events.isEmpty { inbox.deliver(.events(events)) }
        lose(TransportError(.connectionLost, phase: nil, "\(target): the driven shell is lost: \(reason)"))
    }

    /// What is there cannot be driven.
    func refuse(_ reason: String) {
        starting?.fail(
            TransportError(
                .shellUnusable,
                phase: .shell,
                "\(target): \(reason) \(options.advice)"
            )
        )
    }
}

extension ExitStatus {
    fileprivate var words: String {
        switch self {
        case .code(let code): "status \(code)"
        case .signal(let name): "signal \(name)"
        case .unknown: "status unknown"
        }
    }

    /// By the names of RFC 4254, 6.10.
    fileprivate static let signalNumbers: [String: Int32] = [
        "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11,
        "USR2": 12,
        "PIPE": 13, "ALRM": 14, "TERM": 15,
    ]
}
