package import Connections
package import EventLoops
package import PSRP

/// Enters a running container through the command line of docker, podman or nerdctl: `exec --interactive`, never with a
/// terminal.
package struct ContainerTransport: SessionTransport {
    private let entry: ContainerEntry
    private let shell: @Sendable (any CommandTransport) -> any SessionTransport

    /// - Parameters:
    ///   - path: where engines are looked for, as PATH has it.
    ///   - patience: how long what speaks PSRP has to end by itself once the session is over.
    ///   - loop: what the engine's clients are read and written on.
    ///   - shell: how a session is had over command lines alone, where nothing in the container speaks PSRP.
    package init(
        _ place: ContainerPlace,
        path: String,
        patience: Duration = .seconds(1),
        loop: EventLoop,
        shell: @escaping @Sendable (any CommandTransport) -> any SessionTransport
    ) {
        entry = ContainerEntry(place: place, path: path, patience: patience, loop: loop)
        self.shell = shell
    }

    package var carriage: CarriageTraits { .outOfProcess }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        try await entry.withContainer(timeline: timeline, deadline: deadline) { [shell] session in
            guard session.hasShellAlone else {
                try await session.startEndpoint()
                timeline.end()
                return try await body(OutOfProcessConnection(session, limits: limits))
            }
            return try await shell(ContainerCommands(session))
                .withSession(limits: limits, timeline: timeline, deadline: deadline, body)
        }
    }
}

/// The way to a container's two waiting programs, and from them.
struct ContainerEntry: Sendable {
    let place: ContainerPlace
    let path: String
    let patience: Duration
    let loop: EventLoop

    /// Hands the container to `body`, and ends what was started there, however `body` ends.
    /// - Throws: TransportError; what `body` throws.
    func withContainer<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (ContainerSession) async throws -> Result
    ) async throws -> Result {
        defer { timeline.end() }
        do {
            let session = try await open(timeline, deadline)
            do {
                let result = try await body(session)
                await session.end(within: patience)
                return result
            } catch {
                await session.end(within: nil)
                throw error
            }
        } catch let failure as ContainerFailure {
            throw failure.error(place)
        }
    }

    private func open(_ timeline: ConnectionTimeline, _ deadline: ConnectingDeadline?) async throws -> ContainerSession
    {
        timeline.begin(.engine)
        let engines = try await EngineLook(loop: loop).engines(for: place, in: path, deadline)
        timeline.begin(.inspect)
        let search = ContainerSearch(place: place, loop: loop, deadline: deadline)
        let found = try await search.found(among: engines)
        try ContainerSearch.check(found.container)
        timeline.begin(.exec)
        let session = ContainerSession(place, found, loop: loop)
        do {
            try await session.open(deadline)
        } catch {
            await session.end(within: nil)
            // Why nothing starts is the engine's to say, where the container has stopped meanwhile.
            if case ContainerFailure.notStarted? = error as? ContainerFailure { try await search.checkAgain(found) }
            throw error
        }
        return session
    }
}
