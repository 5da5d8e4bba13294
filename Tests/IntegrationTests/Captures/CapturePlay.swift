import PSRunTestSupport
import Testing

/// One playbook of a capture, played to psrun by the capture player, and what came of it.
struct CapturePlay: Sendable {
    var entry: CaptureTable.Entry
    var playbook: CaptureTable.Playbook
    /// Draws the player's delays and cuts.
    var seed: Int

    var title: String { "\(entry.name) (\(playbook.name): \(playbook.text.prefix(60)))" }

    /// The player's command line; its report goes to that file.
    func command(report: String) -> [String] {
        Peers.command(
            "capture_player.py",
            [entry.path, "--report", report, "--seed", "\(seed)"] + (seed % 2 == 0 ? ["--cut"] : [])
        )
    }

    /// What must hold of the run and of what the player saw, whatever way it was reached.
    func check(_ outcome: ProgramOutcome, playerReport path: String) async throws {
        let target = try outcome.onlyTarget()
        if let status = playbook.status { #expect(outcome.ending == .exited(status), "\(title): \(outcome)") }
        if let expected = playbook.target { #expect(target.outcome == expected, "\(title): \(outcome)") }
        #expect(target.exitCode == playbook.sessionExitCode, "\(title)")
        if let error = playbook.error { #expect(target.error?.code == error, "\(title): \(outcome)") }
        #expect(target.steps.map(\.text) == playbook.steps.map(\.text), "\(title)")
        for (step, expected) in zip(target.steps, playbook.steps) {
            if let wanted = expected.outcome { #expect(step.outcome == wanted, "\(title): \(step)") }
            if let wanted = expected.output { #expect(step.output ?? "" == wanted, "\(title): \(step)") }
        }
        let report = try await PlayerReport(at: path)
        #expect(report.breaches.isEmpty, "\(title): \(report.breaches)")
        #expect(report.unknown.isEmpty, "\(title)")
        #expect(report.notes.isEmpty, "\(title)")
        #expect(report.closed == (playbook.target != "broken"), "\(title)")
    }

    /// Every playbook of the table.
    static func all(where isWanted: (CaptureTable.Playbook) -> Bool = { _ in true }) async throws -> [CapturePlay] {
        var plays: [CapturePlay] = []
        for entry in try await CaptureTable.load().entries {
            for playbook in entry.playbooks where isWanted(playbook) {
                plays.append(CapturePlay(entry: entry, playbook: playbook, seed: plays.count))
            }
        }
        return plays
    }
}
