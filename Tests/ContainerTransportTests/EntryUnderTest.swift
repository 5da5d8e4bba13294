import Connections
import PSRunTestSupport

@testable import ContainerTransport

/// What speaks PSRP in a container, by its bytes.
struct EntryUnderTest: ByteTransport {
    let entry: ContainerEntry

    func withConnection<Result: Sendable>(
        timeline: ConnectionTimeline,
        deadline: ConnectingDeadline?,
        _ body: @Sendable (any TransportConnection) async throws -> Result
    ) async throws -> Result {
        try await entry.withContainer(timeline: timeline, deadline: deadline) { session in
            guard !session.hasShellAlone else { throw TestSupportError("nothing in the container speaks PSRP") }
            try await session.startEndpoint()
            timeline.end()
            return try await body(session)
        }
    }
}
