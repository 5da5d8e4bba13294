package import Connections
package import EventLoops
import Scheduling

/// Reaches a PSRP endpoint as a subsystem of an SSH server, or as a command that its user may run.
package struct SSHSessionTransport: ByteTransport {
    private let target: SSHTarget
    private let environment: SSHEnvironment
    private let loop: EventLoop
    private let turn: LoginTurn

    private var options: SSHOptions { environment.options.applied(to: target) }

    /// - Parameter loop: what the target's connection lives on, with the proxy process that carries it.
    package init(target: SSHTarget, environment: SSHEnvironment, loop: EventLoop) {
        self.target = target
        self.environment = environment
        self.loop = loop
        turn = LoginTurn(environment.admission)
    }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        // What is wrong with the settings is told where they are used.
        if let settings = try? await environment.settings(for: target, jumpHosts: options.jumpHosts) {
            await turn.begin(settings)
        }
        defer { turn.close() }
        return await body()
    }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(.resolve)
        defer { timeline.end() }
        let connector = SSHConnector(environment: environment)
        var learnedTypes: [String] = []
        var attempts = 1
        while true {
            let link = SSHLink(
                target: target.displayName,
                loop: loop,
                timeline: timeline,
                clock: environment.options.clock
            )
            let connection = SSHConnection(link: link)
            do {
                try await withTaskCancellationHandler {
                    await link.setDeadline(deadline)
                    if attempts > 1 {
                        try await link.waitForTask { [turn, attempts] in
                            try await turn.again(attempts - 1, share: .random(in: 0.5...1))
                        }
                    }
                    do {
                        try await connector.connect(link, to: target, turn.settings, learnedTypes: learnedTypes)
                    } catch {
                        turn.finish((error as? TransportError)?.turnedAway == nil ? .other : .dropped)
                        throw error
                    }
                    turn.finish(.takenUp)
                    try await connection.start(options.service)
                } onCancel: {
                    link.abortFromAnywhere(CancellationError())
                }
                let result = try await body(connection)
                await link.close()
                return result
            } catch let other as HostKeyVerifier.OtherKeyTypesKnown where learnedTypes.isEmpty {
                await link.close()
                learnedTypes = other.types
            } catch  where LoginTurn.isWorthAnother(error, attempts: attempts) {
                await link.close()
                attempts += 1
            } catch {
                await link.close()
                guard attempts > 1, let failure = error as? TransportError else { throw error }
                throw failure.tried(attempts)
            }
        }
    }
}

/// A session's view of its channel.
private struct SSHConnection: TransportConnection {
    let link: SSHLink
    let inbox = Inbox<TransportInput>()
    let outbox = Outbox()

    func start(_ service: SSHService) async throws {
        try await link.start(service, inbox: inbox, outbox: outbox)
    }

    func receive() async throws -> TransportInput {
        try await inbox.receive()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbox.send(bytes)
    }
}

extension SSHLink {
    /// Starts what speaks PSRP and joins its channel to the boxes.
    fileprivate func start(_ service: SSHService, inbox: Inbox<TransportInput>, outbox: Outbox) async throws {
        let channel = try await open(service)
        clearDeadline()
        inbox.whenRoom { [weak self] in self?.serveFromAnywhere() }
        outbox.whenWork { [weak self] in self?.serveFromAnywhere() }
        begin(SSHServiceStream(channel: channel, inbox: inbox, outbox: outbox, loop: loop))
    }
}
