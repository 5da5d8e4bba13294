package import Connections
package import EventLoops
package import PSRP
import Processes
import Threads

/// Enters a virtual machine of libvirt's: over SSH, by the network or by vsock, or through its channel.
package struct MachineTransport: SessionTransport {
    private let place: MachinePlace
    private let library: String
    private let loop: EventLoop
    private let reach: @Sendable (MachineRoute) -> any SessionTransport

    /// - Parameters:
    ///   - loop: what the clock runs on.
    ///   - reach: the way over SSH; it is not asked for that to a channel.
    package init(
        _ place: MachinePlace,
        loop: EventLoop,
        reach: @escaping @Sendable (MachineRoute) -> any SessionTransport
    ) {
        self.init(place, library: Libvirt.libraryName, loop: loop, reach: reach)
    }

    init(
        _ place: MachinePlace,
        library: String,
        loop: EventLoop,
        reach: @escaping @Sendable (MachineRoute) -> any SessionTransport
    ) {
        self.place = place
        self.library = library
        self.loop = loop
        self.reach = reach
    }

    package var carriage: CarriageTraits { .outOfProcess }

    package func withSession<Result: Sendable>(
        limits: SessionLimits,
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any SessionConnection) async throws -> Result
    ) async throws -> Result {
        let transport = try await transport(timeline, deadline)
        let outcome = await transport.withTurn { () async -> Swift.Result<Result, any Error> in
            do {
                return .success(
                    try await transport.withSession(limits: limits, timeline: timeline, deadline: deadline, body)
                )
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func transport(
        _ timeline: ConnectionTimeline,
        _ deadline: ConnectingDeadline?
    ) async throws -> any SessionTransport {
        defer { timeline.end() }
        do {
            let route = try await MachineLook(loop: loop).route(to: place, library, timeline, deadline)
            if case .channel(let socket) = route { return MachineChannel(place: place, socket: socket, loop: loop) }
            return reach(route)
        } catch let failure as MachineFailure {
            throw failure.error(place)
        }
    }
}

extension Lane {
    /// Calls of libvirt's, which wait for its daemon, and for agents of guests.
    static let machines = Lane("psrun-machines", width: 8, ceiling: 64)
}

/// The look for the way into a machine: libvirt is asked off the loop, and the clock runs on it.
actor MachineLook {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private nonisolated let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// - Throws: MachineFailure; TransportError where libvirt does not answer by the deadline; CancellationError.
    func route(
        to place: MachinePlace,
        _ library: String,
        _ timeline: ConnectionTimeline,
        _ deadline: ConnectingDeadline?
    ) async throws -> MachineRoute {
        let found = Promise<MachineRoute>()
        // Given up, the call runs on, and tells nobody of its phases any more. What libvirt has started for it ends.
        let isAwaited = Awaited()
        let call = LibraryCall()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) {
                found.fail(deadline.failure(of: place.label, in: timeline.current ?? .libvirt))
            }
        }
        defer {
            timer?.cancel()
            isAwaited.end()
            call.endPrograms()
        }
        timeline.begin(.libvirt)
        Lane.machines.submit {
            found.keep(
                Swift.Result {
                    try call.run {
                        try MachineSearch.route(to: place, library: library) { phase in
                            isAwaited.ifSo { timeline.begin(phase) }
                        }
                    }
                }
            )
        }
        return try await withTaskCancellationHandler {
            try await found.value()
        } onCancel: {
            found.fail(CancellationError())
        }
    }
}
