import Connections
import Files
import PSRP
import PSRunTestSupport
import Testing
import WSManEnvelope

@testable import WSManTransport

/// The server dies at each point of each operation, by each way of closing, whatever seals: no line runs twice, and what is
/// not known is said to be unknown.
@Suite(.serialized)
struct StrikeTests {
    static let operations = [
        "Create", "Receive", "Command", "Send", "ReceiveCommand", "Terminate", "Delete", "Stop", "SendPr",
    ]
    static let points = ["read", "done", "head", "body", "after"]
    /// A far side that asks questions.
    private static let asking = Peers.command("psrpcore_server.py")

    /// Lines that leave a mark each time they run; where that is struck, one needs a Send besides its Command, is stopped
    /// while it runs, or asks.
    private func lines(_ folder: TemporaryFolder, _ id: String, _ operation: String) -> [String] {
        (1...3).map { number in
            let line = "echo ran >> '\(folder.path(of: "\(id)-\(number)"))'; echo line-\(number)"
            return switch operation {
            case "Send", "part": "\(line); : '\(String(repeating: "q", count: 150_000))'"
            case "Stop" where number == 2: "\(line); echo '\(Visit.stopsAt)'; sleep 2"
            case "SendPr" where number == 2: ": psrp read_line"
            default: line
            }
        }
    }

    private func runs(_ folder: TemporaryFolder, _ id: String) -> [Int] {
        (1...3).map { ((try? text(of: folder.path(of: "\(id)-\($0)"))) ?? "").split(separator: "\n").count }
    }

    @Test("Nothing runs twice, and what is not known is unknown", arguments: WSManFixture.Way.kinds)
    func strikes(_ way: WSManFixture.Way) async throws {
        let fixture = try await WSManFixture(way)
        let asking = try await WSManFixture(way, command: Self.asking)
        let folder = try TemporaryFolder()
        var count = 0
        var missed: [String] = []
        for dialect in ["windows", "omi"] {
            for operation in Self.operations {
                for point in Self.points {
                    for how in ["close", "reset"] {
                        let strike = "strike=\(operation):1:\(point):\(how)&dialect=\(dialect)&idle=1"
                        let server = operation == "SendPr" ? asking : fixture
                        count += 1
                        if try await !check(server, folder, strike, operation) { missed.append(strike) }
                    }
                }
            }
            // A body that is read in part.
            for how in ["close", "reset"] {
                let strike = "part=1:\(how)&dialect=\(dialect)&idle=1"
                count += 1
                if try await !check(fixture, folder, strike, "part") { missed.append(strike) }
            }
        }
        #expect(missed.isEmpty)
        print("strikes over \(way): \(count) points of \(Self.operations.count) operations, each of them met")
    }

    /// - Returns: whether the session came as far as what was struck.
    private func check(
        _ fixture: WSManFixture,
        _ folder: TemporaryFolder,
        _ plan: String,
        _ operation: String
    ) async throws -> Bool {
        let id = WSManFixture.newID()
        var place = fixture.place(id, plan)
        // What is long takes more than one request.
        place.endpoint.limits.envelope = place.endpoint.limits.firstEnvelope
        let transport = WSManTransport(
            to: place,
            environment: WSManFixture.environment(),
            patience: .seconds(2),
            loop: try TestLoops.next()
        )
        let outcome = await Visit(lines(folder, id, operation)).run(over: transport)
        let log = try fixture.server.log(of: id)
        let name = "\(fixture.way) \(plan): \(outcome) \(log)"
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(name)")
        let counts = runs(folder, id)
        #expect(counts.allSatisfy { $0 <= 1 }, "\(name)")
        for (line, count) in zip(outcome.lines, counts) {
            switch line {
            // Who only asks leaves no mark.
            case .ended: #expect(count == 1 || operation == "SendPr" && count == 0, "\(name)")
            case .notSent: #expect(count == 0, "\(name)")
            // It may have run, or not.
            case .unknown: break
            }
        }
        // A Receive is asked again, and nothing of what is told is lost where the server keeps it.
        let isKept = operation.hasPrefix("Receive") && plan.contains("dialect=windows") || operation == "Delete"
        if isKept { #expect(outcome.lines.allSatisfy { $0 == .ended(.completed) }, "\(name)") }
        return operation == "part" || log.contains { $0.what == "came" && $0.operation == operation }
    }
}
