import Foundation
import PSRunTestSupport
import Testing

/// The player itself, met by the captured clients: it counts what a real server punishes, and nothing else.
struct CapturePlayerTests {
    @Test("Captures without lines for a playbook: their own client's breaches, and no other, are seen")
    func capturedClients() async throws {
        let entries = try await CaptureTable.load().entries.filter { $0.withoutLines != nil }
        #expect(entries.count == 26)
        try await concurrently(entries) { entry in
            let folder = try TemporaryFolder()
            let report = folder.path(of: "player.json")
            let server = Peers.command("capture_player.py", [entry.path, "--report", report])
            let client = Peers.command("capture_client.py", [entry.path, "--timeout", "20", "--"] + server)
            let outcome = try await ChildProgram.run(client)
            let broken = try await PlayerReport(at: report).brokenRules
            #expect(broken == Set(entry.clientBreaches), "\(entry): \(outcome)")
        }
    }

    @Test("Every capture is in the table: with playbooks, or with the reason why not")
    func everyCaptureIsInTheTable() async throws {
        let table = try await CaptureTable.load()
        #expect(table.entries.count == 137)
        for entry in table.entries {
            #expect(entry.playbooks.isEmpty == (entry.withoutLines != nil), "\(entry)")
        }
    }
}
