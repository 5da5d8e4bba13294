import Connections
import EventLoops
import Scheduling

/// How one target is reached over SSH, whatever is opened on the connection then.
struct SSHReach: Sendable {
    let target: SSHTarget
    private let environment: SSHEnvironment
    private let loop: EventLoop
    private let turn: LoginTurn

    var options: SSHOptions { environment.options.applied(to: target) }

    init(target: SSHTarget, environment: SSHEnvironment, loop: EventLoop) {
        self.target = target
        self.environment = environment
        self.loop = loop
        turn = LoginTurn(environment.admission)
    }

    func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        // What is wrong with the settings is told where they are used.
        if let settings = try? await environment.settings(for: target, jumpHosts: options.jumpHosts) {
            await turn.begin(settings)
        }
        defer { turn.close() }
        return await body()
    }

    /// Connects, opens what is wanted, hands that to `body`, and closes the connection, however `body` ends.
    /// - Parameter opening: bounded by the deadline, and done once more where the connection is made once more.
    func withLink<Opened: Sendable, Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        opening: @Sendable (SSHLink) async throws -> Opened,
        _ body: @Sendable (Opened) async throws -> Result
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
            do {
                let opened = try await withTaskCancellationHandler {
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
                    return try await opening(link)
                } onCancel: {
                    link.abortFromAnywhere(CancellationError())
                }
                let result = try await body(opened)
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
