import Connections
import EventLoops
import Glibc
import PSRP
import PSRunTestSupport
import Synchronization
import Testing

@testable import WSManTransport

/// What `TransportConformance` has every transport promise of bytes, as a transport of shells keeps it: what is said comes
/// back, what waits is kept, and no far program holds a session up. That a body may throw, and that cancelling ends a session,
/// is in WSManLeavingTests.
@Suite(.serialized)
struct WSManConformanceTests {
    @Test("Small lines come back, each before the next is sent", arguments: WSManFixture.Way.kinds)
    func echoes(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let outcome = await Visit(["echo a", "echo 'b b'", "echo ü€"]).run(
            over: try fixture.transport(WSManFixture.newID())
        )
        #expect(outcome.lines == Array(repeating: .ended(.completed), count: 3), "\(outcome)")
        #expect(outcome.output.joined().contains("b b") && outcome.output.joined().contains("ü€"), "\(outcome)")
    }

    @Test("A receiver that waits before it takes anything still gets every byte", arguments: WSManFixture.Way.kinds)
    func keepsWhatWaits(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way, command: nil)
        let hasWaited = Mutex(false)
        var visit = Visit(["long-output"], limit: .seconds(120))
        visit.heard = { _ in
            let isFirst = hasWaited.withLock { waited in
                defer { waited = true }
                return !waited
            }
            if isFirst { usleep(200_000) }
        }
        // A build for debugging takes its time with an envelope of 500 kB: no other test shares this loop.
        let group = try LoopGroup(count: 1)
        let transport = try fixture.transport(WSManFixture.newID(), "size=10000000", loop: group.loops[0])
        let outcome = await visit.run(over: transport)
        await group.close()
        #expect(outcome.lines == [.ended(.completed)], "\(outcome.failure ?? "")")
        #expect(outcome.output.reduce(0) { $0 + $1.utf8.count } == 10_000_000)
    }

    @Test(
        "A far program that does not speak PSRP ends its session in time, with a reason",
        arguments: FarProgram.allCases
    )
    func farPrograms(_ program: FarProgram) async throws {
        let fixture = try await WSManFixture(.basicOverHTTP, command: ["/bin/sh", "-c", program.rawValue])
        let transport = try fixture.transport(WSManFixture.newID(), "idle=1", patience: .seconds(1))
        let outcome = await Visit(["echo"], limit: .seconds(2)).run(over: transport)
        #expect(outcome.lines == [.notSent], "\(outcome)")
        // One that is silent in an orderly way is the session's to end: its clock runs there.
        #expect(outcome.failure?.isEmpty == false, "\(outcome)")
        #expect(outcome.took < .seconds(15), "\(outcome)")
    }
}
