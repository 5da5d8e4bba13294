import Connections
import EventLoops
import Files
import PSRP
import PSRunTestSupport
import Testing
import WSManEnvelope

@testable import WSManTransport

/// Whole sessions on a server of WS-Management, in the dialects of Windows and of OMI.
@Suite(.serialized)
struct WSManSessionTests {
    static let dialects = ["windows", "omi"]

    @Test("Lines run one after the other, whatever secures the session", arguments: WSManFixture.Way.allCases, dialects)
    func lines(_ way: WSManFixture.Way, _ dialect: String) async throws {
        let fixture = try await WSManFixture(way)
        let id = WSManFixture.newID()
        let lines = (1...5).map { "echo line-\($0)" }
        let outcome = await Visit(lines).run(over: try fixture.transport(id, "dialect=\(dialect)&idle=1"))
        #expect(outcome.failure == nil)
        #expect(outcome.lines == Array(repeating: .ended(.completed), count: 5))
        for number in 1...5 { #expect(outcome.output.contains { $0.contains("line-\(number)") }, "\(outcome)") }
        let log = try fixture.server.log(of: id)
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(log)")
        let done = log.filter { $0.what == "done" }.compactMap(\.operation)
        #expect(done.filter { $0 == "Create" }.count == 1)
        #expect(done.filter { $0 == "Command" }.count == 5)
        #expect(done.filter { $0 == "Terminate" }.count == 5)
        #expect(done.last == "Delete")
        // The pool's Receive waits on one; the other has what is asked, and the pipeline's Receive in between. One more is
        // needed where Done comes behind the pipeline's end.
        let connections = Set(log.filter { $0.what == "came" }.map(\.connection)).count
        #expect(connections == 2 || connections == 3 && dialect == "omi", "\(connections)")
        let phases: [ConnectionPhase] = [.resolve, .tcp, .create] + (way.isTLS ? [.tls] : [])
        #expect(Set(outcome.durations.keys).isSuperset(of: phases))
    }

    @Test("A server that names shells and commands itself is spoken to by its names")
    func ownNames() async throws {
        let fixture = try await WSManFixture(.basicOverHTTP)
        let outcome = await Visit(["echo in"]).run(over: try fixture.transport(WSManFixture.newID(), "own_names=1"))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
    }

    @Test(
        "A server that closes each connection behind its answer costs a login for each, and nothing else",
        arguments: WSManFixture.Way.kinds
    )
    func closes(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let id = WSManFixture.newID()
        let outcome = await Visit(["echo 1", "echo 2", "echo 3"]).run(over: try fixture.transport(id, "closes=1"))
        #expect(outcome.lines == Array(repeating: .ended(.completed), count: 3), "\(outcome)")
        let log = try fixture.server.log(of: id)
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(log)")
        #expect(log.filter { $0.what == "done" && $0.operation == "Command" }.count == 3)
    }

    @Test("Long output comes whole, and long lines go whole", arguments: WSManFixture.Way.kinds)
    func long(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let text = String(repeating: "q", count: 300_000)
        let lines = ["head -c 1000000 /dev/zero | tr '\\0' y", "x='\(text)'; echo ${#x}"]
        let id = WSManFixture.newID()
        // A build for debugging takes its time with an envelope of 500 kB: no other test shares this loop.
        let group = try LoopGroup(count: 1)
        let outcome = await Visit(lines).run(over: try fixture.transport(id, loop: group.loops[0]))
        await group.close()
        #expect(outcome.lines == [.ended(.completed), .ended(.completed)])
        let all = outcome.output.joined()
        #expect(all.filter { $0 == "y" }.count == 1_000_000)
        #expect(all.contains("300000"))
        #expect(try fixture.server.log(of: id).filter { $0.what.hasPrefix("breach") }.isEmpty)
    }

    @Test("A wrong password is told as that, once", arguments: WSManFixture.Way.kinds)
    func wrongPassword(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way, command: nil)
        let id = WSManFixture.newID()
        let transport = WSManTransport(
            to: fixture.place(id, password: "wrong"),
            environment: WSManFixture.environment(),
            patience: .seconds(2),
            loop: try TestLoops.next()
        )
        let outcome = await Visit(["echo"]).run(over: transport)
        #expect(outcome.code == "AuthenticationFailed" && outcome.phase == .auth, "\(outcome)")
        let log = try fixture.server.log(of: id)
        // NTLM is told 401 for its first token as well.
        #expect(log.filter { $0.what == "401" }.count == (way == .negotiateOverHTTP ? 2 : 1), "\(log)")
    }

    @Test(
        "A server that has forgotten the login is told again who it is, and nothing runs twice",
        arguments: [
            "Receive:2", "Command:2", "ReceiveCommand:3", "Terminate:1", "Delete:1",
        ]
    )
    func forgotten(_ point: String) async throws {
        for way in WSManFixture.Way.kinds {
            let fixture = try await WSManFixture(way)
            let folder = try TemporaryFolder()
            let id = WSManFixture.newID()
            let lines = (1...3).map { "echo ran >> '\(folder.path(of: "\($0)"))'" }
            let outcome = await Visit(lines).run(over: try fixture.transport(id, "unauthorized=\(point)&idle=1"))
            if way == .negotiateOverHTTP, point == "Command:2" {
                // That word is not sealed: whoever is in between may have swallowed the answer of a line that ran.
                #expect(outcome.lines.first == .ended(.completed), "\(outcome)")
                guard case .unknown? = outcome.lines.dropFirst().first else {
                    return #expect(Bool(false), "\(outcome)")
                }
                let came = try fixture.server.log(of: id).filter { $0.what == "came" && $0.operation == "Command" }
                #expect(came.count == 2)
                continue
            }
            #expect(outcome.lines == Array(repeating: .ended(.completed), count: 3), "\(way) \(point) \(outcome)")
            for number in 1...3 { #expect(try text(of: folder.path(of: "\(number)")) == "ran\n") }
            // A body that only logs in has no name; no operation was done twice.
            let done = try fixture.server.log(of: id).filter { $0.what == "done" && $0.operation != "Receive" }
            #expect(Set(done.compactMap(\.message)).count == done.count)
        }
    }

    @Test("A server that is busy, or short of shells, is asked again after a while", arguments: ["busy=3", "quota=3"])
    func busy(_ plan: String) async throws {
        let fixture = try await WSManFixture(.negotiateOverHTTP, command: nil)
        let id = WSManFixture.newID()
        let outcome = await Visit(["echo"]).run(over: try fixture.transport(id, plan))
        #expect(outcome.lines == [.ended(.completed)], "\(outcome)")
        let log = try fixture.server.log(of: id)
        #expect(log.filter { $0.what == "came" && $0.operation == "Create" }.count == 4)
        #expect(log.filter { $0.what == "done" && $0.operation == "Create" }.count == 1)
    }

    @Test("A server that stays busy is given up when the time for connecting is over")
    func alwaysBusy() async throws {
        let fixture = try await WSManFixture(.basicOverHTTP, command: nil)
        let visit = Visit(["echo"], limit: .seconds(2))
        let outcome = await visit.run(over: try fixture.transport(WSManFixture.newID(), "busy=1000"))
        #expect(outcome.lines == [.notSent])
        #expect(outcome.code == "ConnectingTimeout" && outcome.phase == .create, "\(outcome)")
    }

    @Test("A service that is elsewhere is followed where it is allowed, and nowhere else")
    func redirected() async throws {
        let fixture = try await WSManFixture(.basicOverHTTP)
        let there = try await WSManFixture(.basicOverHTTPS)
        let (id, other) = (WSManFixture.newID(), WSManFixture.newID())
        let url = there.place(other).endpoint.address
        let refused = await Visit(["echo"]).run(over: try fixture.transport(id, "redirect=\(url)"))
        #expect(refused.code == "Redirected" && refused.lines == [.notSent], "\(refused)")
        #expect(try there.server.log(of: other).isEmpty)
        let allowed = WSManRedirection { from, location, count throws(TransportError) in
            guard location == url, count == 1 else {
                throw TransportError(.redirected, phase: nil, "\(location) \(count)")
            }
            return there.place(other)
        }
        let followed = await Visit(["echo in"]).run(
            over: try fixture.transport(id, "redirect=\(url)", redirect: allowed)
        )
        #expect(followed.lines == [.ended(.completed)], "\(followed)")
        #expect(try there.server.log(of: other).filter { $0.what == "done" && $0.operation == "Delete" }.count == 1)
    }
}
