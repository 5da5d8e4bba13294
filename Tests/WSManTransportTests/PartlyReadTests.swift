import Connections
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// A server that takes a part of a large body and no more of it, and then leaves, or says nothing until the run is stopped.
@Suite(.serialized)
struct PartlyReadTests {
    @Test(
        "A line of which a part has left is unknown, does not run, and is not sent again",
        arguments: WSManFixture.Way.kinds,
        ["close", "reset", "silent"]
    )
    func parts(_ way: WSManFixture.Way, _ how: String) async throws {
        let fixture = try await WSManFixture(way)
        let folder = try TemporaryFolder()
        // A line of this length is a Command, and Sends behind it: each body is more than the server reads.
        let tail = "; : '\(String(repeating: "q", count: 400_000))'"
        for number in 1...2 {
            let id = WSManFixture.newID()
            let mark = folder.path(of: "\(id)-\(how)")
            let visit = Visit(["echo ran >> '\(mark)'\(tail)", "echo behind >> '\(mark)'"])
            let transport = try fixture.transport(id, "part=\(number):\(how)&idle=1", patience: .seconds(2))
            let session = Task { await visit.run(over: transport) }
            if how == "silent" {
                // It waits for an answer that does not come; then it is stopped.
                for _ in 0..<2_000 where try fixture.server.log(of: id).filter({ $0.what == "in part" }).isEmpty {
                    try await Task.sleep(for: .milliseconds(10))
                }
                session.cancel()
            }
            let outcome = await session.value
            let log = try fixture.server.log(of: id)
            let name = "\(way) \(number) \(how): \(outcome.lines) \(outcome.failure ?? "") \(log)"
            guard case .unknown? = outcome.lines.first else {
                Issue.record("\(name)")
                continue
            }
            #expect(outcome.lines.dropFirst() == [.notSent], "\(name)")
            #expect((try? text(of: mark)) == nil, "\(name)")
            #expect(log.filter { $0.what == "in part" }.count == 1, "\(name)")
            #expect(log.filter { $0.operation == "Command" && $0.what == "came" }.count <= 1, "\(name)")
            #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(name)")
        }
    }
}
