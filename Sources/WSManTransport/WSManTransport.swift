package import Connections
package import EventLoops
package import PSRP
import WSMan

/// Reaches a PSRP endpoint of a WinRM service: a shell of WS-Management.
package struct WSManTransport: SessionTransport {
    private let place: WinRMPlace
    private let environment: WSManEnvironment
    private let redirect: WSManRedirection
    private let patience: Duration
    private let loop: EventLoop
    private let turn: WSManTurn

    /// - Parameters:
    ///   - redirect: decides on another place that a server names; nobody goes there without it.
    ///   - patience: how long the end of a session may take.
    ///   - loop: what the target's connections live on.
    package init(
        to place: WinRMPlace,
        environment: WSManEnvironment,
        redirect: WSManRedirection = .refused,
        patience: Duration,
        loop: EventLoop
    ) {
        self.place = place
        self.environment = environment
        self.redirect = redirect
        self.patience = patience
        self.loop = loop
        turn = WSManTurn(environment.admission, server: place.server)
    }

    package var carriage: CarriageTraits { WSManClientCarriage.traits(for: place.endpoint) }

    package var firstWord: ConnectionPhase? { .create }

    package func withTurn<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        await turn.begin()
        defer { turn.close() }
        return await body()
    }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        timeline.begin(.resolve)
        defer { timeline.end() }
        let session = WSManSession(
            to: place,
            environment: environment,
            redirect: redirect,
            turn: turn,
            timeline: timeline,
            on: loop
        )
        do {
            try await withTaskCancellationHandler {
                try await session.connect(deadline)
            } onCancel: {
                session.abortFromAnywhere(CancellationError())
            }
            let result = try await body(WSManConnection(session: session))
            await session.leave(within: patience)
            return result
        } catch {
            await session.leave(within: patience)
            throw error
        }
    }
}

/// A session's view of its shell.
private struct WSManConnection: SessionConnection {
    let session: WSManSession

    func receive() async throws -> SessionInput { try await session.inbox.receive() }

    func send(_ requests: [CarriageRequest]) async throws { await session.ask(requests) }
}

/// Decides on another place that a server names, in answer to the request for a shell.
package struct WSManRedirection: Sendable {
    /// - Parameters:
    ///   - from: the place that answered.
    ///   - location: as the server wrote it.
    ///   - count: from 1.
    package typealias Rule =
        @Sendable (_ from: WinRMPlace, _ location: String, _ count: Int) throws(TransportError) -> WinRMPlace

    let rule: Rule

    package init(_ rule: @escaping Rule) {
        self.rule = rule
    }

    /// Nobody goes anywhere.
    package static let refused = WSManRedirection { place, _, _ throws(TransportError) in
        throw TransportError(
            .redirected,
            phase: .create,
            "\(place.label): the service says that it is elsewhere, and nobody allowed to go there."
        )
    }
}
