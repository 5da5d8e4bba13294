import CLIXML
import Connections
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// Whatever ends a session, its shell is deleted, in bounded time.
@Suite(.serialized)
struct WSManLeavingTests {
    private struct Refusal: Error {}

    /// Opens a pool by hand, and hands its connection on.
    private func open(_ transport: WSManTransport, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await transport.withSession(
            limits: .ofClient,
            timeline: ConnectionTimeline(),
            deadline: ConnectingDeadline(.seconds(20), on: RunClock())
        ) { connection in
            var client = ClientSession(
                configuration: ClientConfiguration(),
                carriage: transport.carriage,
                identifiers: OwnIdentifiers(),
                cryptography: nil
            )
            client.open()
            while !client.isOpen {
                try await connection.send(client.requestsToSend())
                if case .events(let events) = try await connection.receive() { try client.receive(events) }
                while client.nextEvent() != nil {}
            }
            _ = client.create(.line("sleep 60"))
            try await connection.send(client.requestsToSend())
            try await Task.sleep(for: .milliseconds(100))
            try await body()
        }
    }

    private func deletes(_ fixture: WSManFixture, _ id: String) throws -> Int {
        try fixture.server.log(of: id).filter { $0.operation == "Delete" && $0.what == "done" }.count
    }

    @Test(
        "What the body throws comes out, and the shell is deleted with what runs in it",
        arguments: WSManFixture.Way.kinds
    )
    func bodyThrows(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let id = WSManFixture.newID()
        await #expect(throws: Refusal.self) {
            try await open(try fixture.transport(id)) { throw Refusal() }
        }
        #expect(try deletes(fixture, id) == 1)
    }

    @Test("A cancelled session deletes its shell", arguments: WSManFixture.Way.kinds)
    func cancelled(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let id = WSManFixture.newID()
        let transport = try fixture.transport(id)
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let session = Task {
            try await open(transport) {
                continuation.yield()
                try await Task.sleep(for: .seconds(60))
            }
        }
        for await _ in started { break }
        session.cancel()
        await #expect(throws: CancellationError.self) { try await session.value }
        #expect(try deletes(fixture, id) == 1)
    }

    @Test(
        "A server that does not answer holds up the end no longer than is allowed",
        arguments: [
            "strike=Delete:1:read:silent", "strike=Command:1:done:silent", "strike=Create:1:done:silent",
        ]
    )
    func silent(_ plan: String) async throws {
        let fixture = try await WSManFixture(.basicOverHTTP)
        let transport = try fixture.transport(WSManFixture.newID(), plan, patience: .milliseconds(500))
        let start = ContinuousClock.now
        let session = Task { try await open(transport) { throw Refusal() } }
        try await Task.sleep(for: .seconds(1))
        session.cancel()
        _ = await session.result
        #expect(.now - start < .seconds(5))
    }

    @Test("A shell whose creation was answered too late is deleted all the same")
    func lateCreate() async throws {
        let fixture = try await WSManFixture(.basicOverHTTP)
        let id = WSManFixture.newID()
        let transport = try fixture.transport(id, "strike=Create:1:done:silent", patience: .seconds(2))
        let outcome = await Visit(["echo"], limit: .milliseconds(500)).run(over: transport)
        #expect(outcome.code == "ConnectingTimeout" && outcome.phase == .create, "\(outcome)")
        #expect(try deletes(fixture, id) == 1)
    }
}
