import Connections
import Files
import PSRP
import PSRunTestSupport
import Testing

@testable import WSManTransport

/// The server dies at each point of each operation, by each way of closing, whatever seals: no line runs twice, and what is
/// not known is said to be unknown.
@Suite(.serialized)
struct StrikeTests {
    /// An operation, and how often a session of three lines asks for it at least.
    static let operations = ["Create", "Receive", "Command", "Send", "ReceiveCommand", "Terminate", "Delete"]
    static let points = ["read", "done", "head", "body", "after"]

    /// A line that leaves a mark each time it runs; one that needs a Send besides its Command, where that is struck.
    private func lines(_ folder: TemporaryFolder, _ id: String, _ operation: String) -> [String] {
        let more = operation == "Send" ? "; : '\(String(repeating: "q", count: 100_000))'" : ""
        return (1...3).map { "echo ran >> '\(folder.path(of: "\(id)-\($0)"))'; echo line-\($0)\(more)" }
    }

    private func runs(_ folder: TemporaryFolder, _ id: String) -> [Int] {
        (1...3).map { ((try? text(of: folder.path(of: "\(id)-\($0)"))) ?? "").split(separator: "\n").count }
    }

    @Test("Nothing runs twice, and what is not known is unknown", arguments: WSManFixture.Way.kinds)
    func strikes(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let folder = try TemporaryFolder()
        for dialect in ["windows", "omi"] {
            for operation in Self.operations {
                for point in Self.points {
                    for how in ["close", "reset"] {
                        let strike = "strike=\(operation):1:\(point):\(how)&dialect=\(dialect)&idle=1"
                        try await check(fixture, folder, strike, operation)
                    }
                }
            }
        }
    }

    private func check(
        _ fixture: WSManFixture,
        _ folder: TemporaryFolder,
        _ plan: String,
        _ operation: String
    ) async throws {
        let id = WSManFixture.newID()
        let outcome = await Visit(lines(folder, id, operation)).run(
            over: try fixture.transport(id, plan, patience: .seconds(2))
        )
        let log = try fixture.server.log(of: id)
        let name = "\(fixture.way) \(plan): \(outcome) \(log)"
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(name)")
        let counts = runs(folder, id)
        #expect(counts.allSatisfy { $0 <= 1 }, "\(name)")
        for (line, count) in zip(outcome.lines, counts) {
            switch line {
            case .ended: #expect(count == 1, "\(name)")
            case .notSent: #expect(count == 0, "\(name)")
            // It may have run, or not.
            case .unknown: break
            }
        }
        // A Receive is asked again, and nothing of what is told is lost where the server keeps it.
        let isKept = operation.hasPrefix("Receive") && plan.contains("dialect=windows") || operation == "Delete"
        if isKept { #expect(outcome.lines.allSatisfy { $0 == .ended(.completed) }, "\(name)") }
    }
}
