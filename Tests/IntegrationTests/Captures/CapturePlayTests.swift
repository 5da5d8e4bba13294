import PSRunTestSupport
import Testing

/// Captured PowerShells answer psrun as they answered then: no breach of the order rules, and each step as recorded.
@Suite(.serialized)
struct CapturePlayTests {
    @Test("Every capture with lines, as a local process")
    func asAProcess() async throws {
        let plays = try await CapturePlay.all()
        #expect(plays.count > 140)
        try await concurrently(plays) { play in
            let place = try Workplace()
            let report = place.folder.path(of: "player.json")
            let server = try place.folder.wrapper(for: play.command(report: report))
            let playbook = try place.playbook(play.playbook.text)
            let outcome = try await place.psrun(
                [playbook, "--format", "json"] + play.playbook.options,
                environment: ["PSRUN_LOCAL_ENDPOINT": server]
            )
            try await play.check(outcome, playerReport: report)
        }
    }

    @Test("What psrun prints is what the real client's screen showed, line by line")
    func screens() async throws {
        let entries = try await CaptureTable.load().entries.filter { $0.screen != nil }
        #expect(entries.count == 13)
        try await concurrently(entries) { entry in
            let playbook = try #require(entry.playbooks.first)
            let play = CapturePlay(entry: entry, playbook: playbook, seed: 1)
            let place = try Workplace()
            let server = try place.folder.wrapper(for: play.command(report: place.folder.path(of: "player.json")))
            let outcome = try await place.psrun(
                [try place.playbook(playbook.text)],
                environment: ["PSRUN_LOCAL_ENDPOINT": server]
            )
            let seen = outcome.output.replacing("[localhost]: ", with: "[127.0.0.1]: ")
            let lines = seen.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let wanted = try #require(entry.screen)
            #expect(Array(lines.prefix(wanted.count)) == wanted, "\(entry): \(outcome)")
            let rest = lines.dropFirst(wanted.count).filter { !$0.isEmpty && !$0.hasPrefix("[127.0.0.1]: PS ") }
            #expect(rest.isEmpty, "\(entry): \(outcome)")
        }
    }

    @Test("A capture whose server took no version and went silent is left when the time is over")
    func silentAfterTheVersion() async throws {
        let entry = try #require(try await CaptureTable.load().entries.first { $0.name == "server/protocol-99" })
        let place = try Workplace()
        let server = try place.folder.wrapper(for: Peers.command("capture_player.py", [entry.path]))
        let outcome = try await place.psrun(
            [try place.playbook("1\n"), "--format", "json", "-ConnectingTimeout", "1000"],
            environment: ["PSRUN_LOCAL_ENDPOINT": server]
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "unreachable")
        #expect(target.phase == "psrp_open")
    }
}
