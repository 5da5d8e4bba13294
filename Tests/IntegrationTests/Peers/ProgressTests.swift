import Foundation
import PSRunTestSupport
import Testing

/// The progress of a run at a terminal, as an emulator of terminals shows it (Tests/Peers/progress_screen.py).
struct ProgressTests {
    private struct Seen: Decodable {
        var lines: [String]
        var screen: [String]
        var draws: Int
        var fastest: Int
        var errors: String
        var status: Int32
    }

    private func watch(
        _ site: FleetSite,
        _ plan: String,
        _ options: [String] = [],
        playbook: String = "sleep 2\necho done\n"
    ) async throws -> Seen {
        let arguments = [
            try site.place.playbook(playbook, named: "p.sh"), "--ssh-config", site.configuration, "-w",
            "web[01-03],db[01-03]", "-ConnectingTimeout", "30000",
        ]
        let outcome = try await ChildProgram.run(
            Peers.command("progress_screen.py", [plan, BuiltProgram.path] + arguments + options),
            environment: site.place.environment(),
            within: 90
        )
        return try JSONDecoder().decode(Seen.self, from: Data(outcome.output.utf8))
    }

    /// Whether a line of the screen is one of progress.
    private func isProgress(_ line: String) -> Bool { line.contains("/6 d") }

    @Test(
        "At a terminal of 200 columns a line tells how far the run is, five times a second at most, and nothing is left"
    )
    func wide() async throws {
        let site = try await FleetSite()
        let seen = try await watch(site, #"{"columns": 200, "rows": 30}"#)
        #expect(seen.status == 4, "\(seen)")
        #expect(
            seen.lines.contains { line in
                line.hasPrefix("3/6 done, 3 failed, 3 running, ") && line.contains("/s, ") && line.contains(" left")
                    && line.firstMatch(of: /, slowest web0[123] \(line 1, [12] s\)$/) != nil
            },
            "\(seen)"
        )
        #expect(seen.draws > 2 && seen.fastest <= 5, "\(seen)")
        #expect(!seen.screen.contains(where: isProgress), "\(seen)")
        #expect(seen.screen.contains("--- web[01-03] (3)"), "\(seen)")
        // What is not well comes last.
        #expect(seen.screen.last?.hasPrefix("  psrun rerun ") == true, "\(seen)")
    }

    @Test("A terminal of 20 columns, and one whose size changes, show a line that fits, and nothing of it is left")
    func narrow() async throws {
        let site = try await FleetSite()
        let narrow = try await watch(site, #"{"columns": 20, "rows": 40}"#)
        #expect(narrow.lines.contains("3/6 done, 3 failed"), "\(narrow)")
        #expect(!narrow.screen.contains(where: isProgress), "\(narrow)")
        let resized = try await watch(
            site,
            #"{"columns": 120, "rows": 40, "resize": [[1.5, 24, 40], [2.2, 150, 40]]}"#
        )
        #expect(!resized.screen.contains(where: isProgress) && resized.status == 4, "\(resized)")
    }

    @Test("After Ctrl-C nothing of it is left, and the command that goes on is told")
    func interrupted() async throws {
        let site = try await FleetSite()
        let seen = try await watch(
            site,
            #"{"columns": 200, "rows": 40, "signal": [2.5, "SIGINT"]}"#,
            playbook: "sleep 20\n"
        )
        #expect(seen.status == 130 && seen.lines.contains(where: isProgress), "\(seen)")
        #expect(!seen.screen.contains(where: isProgress), "\(seen)")
        #expect(seen.screen.last?.hasPrefix("  psrun resume ") == true, "\(seen)")
    }

    @Test(
        "Nothing is drawn where psrun is to be quiet, where standard error is no terminal, and where it cannot go back"
    )
    func silent() async throws {
        let site = try await FleetSite()
        let quiet = try await watch(site, #"{"columns": 200, "rows": 40}"#, ["-q"], playbook: "sleep 1\n")
        #expect(quiet.draws == 0 && !quiet.lines.contains(where: isProgress), "\(quiet)")
        let piped = try await watch(site, #"{"columns": 200, "rows": 40, "piped": true}"#, playbook: "sleep 1\n")
        #expect(piped.draws == 0 && !piped.errors.contains("\u{1B}") && !piped.errors.contains("/6 done"), "\(piped)")
        let dumb = try await watch(
            site,
            #"{"columns": 200, "rows": 40, "term": "dumb"}"#,
            playbook: "sleep 1\n"
        )
        #expect(dumb.draws == 0, "\(dumb)")
    }
}
