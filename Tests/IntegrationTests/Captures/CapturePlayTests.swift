import PSRunTestSupport
import Testing

/// Captured PowerShells answer psrun as they answered then: no breach of the order rules, and each step as recorded.
@Suite(.serialized)
struct CapturePlayTests {
    @Test("Every capture with lines, as the pwsh on PATH")
    func asAProcess() async throws {
        let plays = try await CapturePlay.all()
        #expect(plays.count > 140)
        try await concurrently(plays) { play in
            let place = try Workplace()
            let report = place.folder.path(of: "player.json")
            let path = try place.folder.searchPath(withPwsh: play.command(report: report))
            let playbook = try place.playbook(play.playbook.text)
            let outcome = try await place.psrun(
                [playbook, "--format", "json"] + play.playbook.options,
                environment: ["PATH": path]
            )
            try await play.check(outcome, playerReport: report)
        }
    }

    @Test("What psrun prints is what the real client's screen showed, line by line")
    func screens() async throws {
        let entries = try await CaptureTable.load().entries.filter { $0.screen != nil }
        #expect(entries.count == 18)
        try await concurrently(entries) { entry in
            let playbook = try #require(entry.playbooks.first)
            let play = CapturePlay(entry: entry, playbook: playbook, seed: 1)
            let place = try Workplace()
            let report = place.folder.path(of: "player.json")
            let path = try place.folder.searchPath(withPwsh: play.command(report: report))
            let options = try (entry.screenOptions ?? []).enumerated().map { index, option in
                guard let at = option.firstRange(of: "=@") else { return option }
                let file = try place.folder.write(String(option[at.upperBound...]), to: "secret-\(index)", mode: 0o600)
                return option[..<at.lowerBound] + "=" + file
            }
            let outcome = try await place.psrun(
                [try place.playbook(playbook.text)] + options,
                environment: ["PATH": path]
            )
            let seen = outcome.output
                .replacing("[localhost]: ", with: "[127.0.0.1]: ")
                .replacing("remote computer localhost", with: "remote computer 127.0.0.1")
                .replacing(/\[redacted:[0-9a-f]{8}\]/, with: "[redacted]")
            let lines = seen.split(separator: "\n", omittingEmptySubsequences: false).map(Self.withoutTrailingBlanks)
            let wanted = try #require(entry.screen).map { Self.withoutSecrets($0, of: entry.screenOptions ?? []) }
            #expect(Array(lines.prefix(wanted.count)) == wanted, "\(entry): \(outcome)")
            #expect(lines.dropFirst(wanted.count).allSatisfy { $0.isEmpty }, "\(entry): \(outcome)")
        }
    }

    /// As psrun shows a secret that it holds before it connects: by a tag, and by as many asterisks whatever its length.
    private static func withoutSecrets(_ line: String, of options: [String]) -> String {
        let secrets = options.compactMap { option in option.firstRange(of: "=@").map { option[$0.upperBound...] } }
        for secret in secrets where line.hasSuffix(": " + String(repeating: "*", count: secret.count)) {
            return line.dropLast(secret.count) + "********"
        }
        return secrets.reduce(line) { $0.replacing($1, with: "[redacted]") }
    }

    /// As a terminal's screen was kept.
    private static func withoutTrailingBlanks(_ line: Substring) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return String(line)
    }

    @Test("A capture whose server took no version and went silent is left when the time is over")
    func silentAfterTheVersion() async throws {
        let entry = try #require(try await CaptureTable.load().entries.first { $0.name == "server/protocol-99" })
        let place = try Workplace()
        let path = try place.folder.searchPath(withPwsh: Peers.command("capture_player.py", [entry.path]))
        let outcome = try await place.psrun(
            [try place.playbook("1\n"), "--format", "json", "-ConnectingTimeout", "1000"],
            environment: ["PATH": path]
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "unreachable")
        #expect(target.phase == "psrp_open")
    }
}
