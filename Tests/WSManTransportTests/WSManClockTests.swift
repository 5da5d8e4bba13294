import Connections
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// The deadline holds to within 100 ms against peers that do not do their part, and the error names the phase.
@Suite(.serialized)
struct WSManClockTests {
    private static let limit = Duration.milliseconds(600)

    /// Connects under a deadline, and checks that it held.
    private func timeOut(_ transport: () throws -> WSManTransport) async throws -> ConnectionPhase? {
        // An attempt that was late counts where the machine left this process running all the while; where it never does,
        // the delay that was measured meanwhile is allowed for.
        for attempt in 1...60 {
            let timeline = ConnectionTimeline()
            let due = ContinuousClock.now + Self.limit
            let delay = SchedulingDelay()
            let error = await #expect(throws: TransportError.self) {
                try await transport().withSession(
                    limits: .ofClient,
                    timeline: timeline,
                    deadline: ConnectingDeadline(Self.limit, on: RunClock())
                ) { connection in
                    timeline.begin(.create)
                    try await connection.send([.open([1])])
                    _ = try await connection.receive()
                }
            }
            let late = ContinuousClock.now - due
            let worst = await delay.end()
            #expect(error?.code == .timedOut, "\(error as Any)")
            #expect(late >= .zero)
            let isDisturbed = worst >= .milliseconds(40)
            guard late >= .milliseconds(100), isDisturbed, attempt < 60 else {
                #expect(late < .milliseconds(100) + (isDisturbed ? worst : .zero))
                return error?.phase
            }
        }
        return nil
    }

    @Test(
        "A peer that does not speak is given up when its time is over",
        arguments: [
            (SilentPeer.Way.full, WSManFixture.Way.basicOverHTTP, ConnectionPhase.tcp),
            (.silent, .basicOverHTTP, .create), (.trickle, .basicOverHTTP, .create), (.silent, .basicOverHTTPS, .tls),
            (.silent, .negotiateOverHTTP, .auth),
        ]
    )
    func silent(_ peer: SilentPeer.Way, _ way: WSManFixture.Way, _ phase: ConnectionPhase) async throws {
        let peer = try await SilentPeer(peer)
        let fixture = try await WSManFixture(way, command: nil)
        let found = try await timeOut { try fixture.transport("silent", port: peer.port, patience: .milliseconds(1)) }
        #expect(found == phase)
    }

    @Test(
        "A server that falls silent is given up when its time is over",
        arguments: [
            (WSManFixture.Way.negotiateOverHTTP, "strike=auth:1:read:silent", ConnectionPhase.auth),
            (.negotiateOverHTTP, "strike=auth:2:read:silent", .auth),
            (.negotiateOverHTTP, "strike=Create:1:read:silent", .create),
            (.basicOverHTTP, "strike=Create:1:head:silent", .create),
            (.basicOverHTTPS, "strike=Create:1:body:silent", .create),
        ]
    )
    func fallsSilent(_ way: WSManFixture.Way, _ plan: String, _ phase: ConnectionPhase) async throws {
        let fixture = try await WSManFixture(way, command: nil)
        let found = try await timeOut {
            try fixture.transport(WSManFixture.newID(), plan, patience: .milliseconds(1))
        }
        #expect(found == phase)
    }
}
