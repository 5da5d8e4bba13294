package import Connections
package import EventLoops
package import PSRP
import Threads

/// Enters a virtual machine of libvirt's over SSH, at the address that libvirt knows.
package struct MachineTransport: SessionTransport {
    private let place: MachinePlace
    private let library: String
    private let loop: EventLoop
    private let reach: @Sendable (String) -> any SessionTransport

    /// - Parameters:
    ///   - loop: what the clock runs on.
    ///   - reach: the way to an address.
    package init(
        _ place: MachinePlace,
        loop: EventLoop,
        reach: @escaping @Sendable (String) -> any SessionTransport
    ) {
        self.init(place, library: Libvirt.libraryName, loop: loop, reach: reach)
    }

    init(
        _ place: MachinePlace,
        library: String,
        loop: EventLoop,
        reach: @escaping @Sendable (String) -> any SessionTransport
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
        let address: String
        do {
            defer { timeline.end() }
            address = try await MachineLook(loop: loop).address(of: place, library, timeline, deadline)
        } catch let failure as MachineFailure {
            throw failure.error(place)
        }
        let transport = reach(address)
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
}

extension Lane {
    /// Calls of libvirt's, which wait for its daemon, and for agents of guests.
    static let machines = Lane("psrun-machines", width: 8, ceiling: 64)
}

/// The look for a machine's address: libvirt is asked off the loop, and the clock runs on it.
actor MachineLook {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private nonisolated let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// - Throws: MachineFailure; TransportError where libvirt does not answer by the deadline; CancellationError.
    func address(
        of place: MachinePlace,
        _ library: String,
        _ timeline: ConnectionTimeline,
        _ deadline: ConnectingDeadline?
    ) async throws -> String {
        let found = Promise<String>()
        // Given up, the call runs on, and tells nobody of its phases any more.
        let isAwaited = Awaited()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) {
                found.fail(deadline.failure(of: place.label, in: timeline.current ?? .libvirt))
            }
        }
        defer {
            timer?.cancel()
            isAwaited.end()
        }
        timeline.begin(.libvirt)
        Lane.machines.submit {
            found.keep(
                Swift.Result {
                    try MachineSearch.address(of: place, library: library) { phase in
                        isAwaited.ifSo { timeline.begin(phase) }
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
