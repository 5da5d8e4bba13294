import Connections
import EventLoops
import Files
import PSRunTestSupport
import Testing

@testable import SSHTransport

/// Which of a host's addresses is connected to.
struct AddressRaceTests {
    private func address(_ text: String, port: Int) throws -> SocketAddress {
        try #require(
            try SocketAddress.resolve(text, port: UInt16(port), family: .any, isLiteral: true).first
        )
    }

    private func race(_ addresses: [SocketAddress]) async throws -> Duration {
        let loop = try TestLoops.next()
        let link = SSHLink(target: "web01", loop: loop, timeline: ConnectionTimeline(), clock: RunClock())
        let start = ContinuousClock.now
        _ = try await link.race(addresses)
        return .now - start
    }

    @Test("An address that does not answer costs a quarter of a second, not the whole time")
    func silentFirst() async throws {
        let full = try await SilentPeer(.full)
        let server = try await SSHFixture()
        let addresses = try [address("127.0.0.1", port: full.port), address("::1", port: server.server.port)]
        let delay = SchedulingDelay()
        let taken = try await race(addresses)
        let late = await delay.end()
        #expect(taken >= .milliseconds(200) && taken < .seconds(2) + late * 4, "\(taken)")
    }

    @Test("An address that refuses costs nothing, and where all do each is named")
    func refusals() async throws {
        let closed = try SSHServer.freePort()
        let server = try await SSHFixture()
        let delay = SchedulingDelay()
        let taken = try await race([
            address("127.0.0.1", port: closed), address("127.0.0.1", port: server.server.port),
        ])
        let late = await delay.end()
        #expect(taken < .milliseconds(200) + late * 4, "\(taken)")
        let failure = await #expect(throws: AddressRace.AllFailed.self) {
            _ = try await race([address("127.0.0.1", port: closed), address("::1", port: closed)])
        }
        #expect(failure?.reasons.count == 2)
    }

    @Test("Families take turns, the first one's first")
    func order() throws {
        let addresses = try ["::1", "::2", "::3", "127.0.0.1", "127.0.0.2"].map { try address($0, port: 22) }
        #expect(
            AddressRace.order(addresses).map(\.text) == ["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"]
        )
        #expect(AddressRace.order([]).isEmpty)
    }
}

extension SSHLink {
    fileprivate func race(_ addresses: [SocketAddress]) async throws -> Int32 {
        let race = AddressRace(addresses, bindAddress: nil, on: loop)
        defer { race.cancel() }
        let socket: FileDescriptor = try await wait { promise in race.begin { promise.keep($0) } }
        return socket.raw
    }
}
