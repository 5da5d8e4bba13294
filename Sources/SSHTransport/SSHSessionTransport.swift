package import Connections
package import EventLoops

/// Reaches a PSRP endpoint as a subsystem of an SSH server, or as a command that its user may run.
package struct SSHSessionTransport: ByteTransport {
    private let reach: SSHReach

    /// - Parameter loop: what the target's connection lives on, with the proxy process that carries it.
    package init(target: SSHTarget, environment: SSHEnvironment, loop: EventLoop) {
        reach = SSHReach(target: target, environment: environment, loop: loop)
    }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        await reach.withTurn(body)
    }

    package func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        try await reach.withLink(
            timeline: timeline,
            deadline: deadline,
            opening: { [reach] in try await $0.connection(to: reach.options.service) },
            body
        )
    }
}

/// Runs command lines on an SSH server, each on a channel of its own.
package struct SSHCommandTransport: CommandTransport {
    private let reach: SSHReach

    /// - Parameter loop: what the target's connection lives on, with the proxy process that carries it.
    package init(target: SSHTarget, environment: SSHEnvironment, loop: EventLoop) {
        reach = SSHReach(target: target, environment: environment, loop: loop)
    }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        await reach.withTurn(body)
    }

    package func withCommands<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any CommandConnection) async throws -> Result
    ) async throws -> Result {
        try await reach.withLink(
            timeline: timeline,
            deadline: deadline,
            opening: { $0.commands },
            { try await body($0) }
        )
    }
}

private struct SSHCommands: CommandConnection {
    let link: SSHLink

    func start(_ line: String) async throws -> any TransportConnection {
        let connection = SSHConnection(link: link)
        try await connection.start(command: line)
        return connection
    }

    func isReady() async { await link.clearDeadline() }
}

/// A session's view of its channel.
private struct SSHConnection: TransportConnection {
    let link: SSHLink
    let inbox = Inbox<TransportInput>()
    let outbox = Outbox()

    func start(_ service: SSHService) async throws {
        try await link.start(service, inbox: inbox, outbox: outbox)
    }

    func start(command line: String) async throws {
        try await withTaskCancellationHandler {
            try await link.start(command: line, inbox: inbox, outbox: outbox)
        } onCancel: {
            link.abortFromAnywhere(CancellationError())
        }
    }

    func receive() async throws -> TransportInput {
        try await inbox.receive()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbox.send(bytes)
    }
}

extension SSHLink {
    /// What speaks PSRP, started.
    nonisolated func connection(to service: SSHService) async throws -> any TransportConnection {
        let connection = SSHConnection(link: self)
        try await connection.start(service)
        return connection
    }

    /// Where command lines are run.
    nonisolated var commands: any CommandConnection { SSHCommands(link: self) }

    /// Starts what speaks PSRP and joins its channel to the boxes.
    fileprivate func start(_ service: SSHService, inbox: Inbox<TransportInput>, outbox: Outbox) async throws {
        let channel = try await open(service)
        clearDeadline()
        inbox.whenRoom { [weak self] in self?.serveFromAnywhere() }
        outbox.whenWork { [weak self] in self?.serveFromAnywhere() }
        begin(SSHServiceStream(channel: channel, inbox: inbox, outbox: outbox, loop: loop))
    }

    /// Starts a command line and joins its channel to the boxes.
    fileprivate func start(command line: String, inbox: Inbox<TransportInput>, outbox: Outbox) async throws {
        let channel = try await open(command: line)
        inbox.whenRoom { [weak self] in self?.serveFromAnywhere() }
        outbox.whenWork { [weak self] in self?.serveFromAnywhere() }
        begin(SSHServiceStream(channel: channel, inbox: inbox, outbox: outbox, loop: loop, endsAtExit: true))
    }
}
