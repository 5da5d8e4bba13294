import Connections
import EventLoops
import Threads

/// The look for engines' programs: folders are asked off the loop, and the clock runs on it.
actor EngineLook {
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private nonisolated let loop: EventLoop

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// - Throws: ContainerFailure where there is none; TransportError where a folder does not answer by the deadline.
    func engines(
        for place: ContainerPlace,
        in path: String,
        _ deadline: ConnectingDeadline?
    ) async throws -> [ContainerEngine] {
        let found = Promise<[ContainerEngine]>()
        let timer = deadline.map { deadline in
            DeadlineTimer(deadline, on: loop) { found.fail(deadline.failure(of: place.label, in: .engine)) }
        }
        defer { timer?.cancel() }
        Lane.files.submit { found.succeed(ContainerEngine.found(place.engine, in: path)) }
        let engines = try await withTaskCancellationHandler {
            try await found.value()
        } onCancel: {
            found.fail(CancellationError())
        }
        guard !engines.isEmpty else { throw ContainerFailure.noEngine(place.engine) }
        return engines
    }
}
