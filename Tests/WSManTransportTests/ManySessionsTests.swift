import Connections
import Files
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// Many sessions at once, on a few loops. PSRUN_WINRM_SESSIONS says how many.
@Suite(.serialized)
struct ManySessionsTests {
    private static var count: Int { getenv("PSRUN_WINRM_SESSIONS").flatMap { Int(String(cString: $0)) } ?? 100 }

    @Test("Many sessions at once end well, and have no thread each")
    func many() async throws {
        let fixture = try await WSManFixture(.basicOverHTTP, command: nil)
        let before = try threads()
        let environment = WSManFixture.environment()
        let loops = [try TestLoops.next(), try TestLoops.next()]
        let count = Self.count
        let (ended, most) = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<count {
                let transport = WSManTransport(
                    to: fixture.place("many-\(number)"),
                    environment: environment,
                    patience: .seconds(30),
                    loop: loops[number % loops.count]
                )
                group.addTask {
                    let outcome = await transport.withTurn {
                        await Visit(["1", "2", "3", "4", "5"], limit: .seconds(300)).run(over: transport)
                    }
                    if let failure = outcome.failure { Issue.record("\(failure)") }
                    return outcome.lines.allSatisfy { $0 == .ended(.completed) }
                }
            }
            var (ended, most) = (0, 0)
            for try await isWhole in group {
                ended += isWhole ? 1 : 0
                if ended % 10 == 0 { most = max(most, try threads()) }
            }
            return (ended, most)
        }
        #expect(ended == count)
        #expect(most < before + 40, "\(most) threads")
    }

    private func threads() throws -> Int { try FilePaths.names(in: "/proc/self/task").count }
}
