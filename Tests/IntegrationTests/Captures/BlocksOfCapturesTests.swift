import Foundation
import PSRunTestSupport
import Testing

/// `psrun blocks`, with captured PowerShells as the far side.
struct BlocksOfCapturesTests {
    private struct Listed: Decodable {
        var targets: [Target]

        struct Target: Decodable {
            var blocks: String?
            var error: Problem?
            var steps: [Step]
        }
        struct Problem: Decodable {
            var code: String
        }
        struct Step: Decodable {
            var text: String
        }
    }

    @Test("The steps that it lists are those that a run takes, and none runs")
    func sameAsARun() async throws {
        for name in ["server-cut/day", "server-cut/crlf", "server-cut/lone-cr"] {
            let play = try #require(try await CapturePlay.all().first { $0.entry.name == name })
            let place = try Workplace()
            let report = place.folder.path(of: "player.json")
            let path = try place.folder.searchPath(withPwsh: play.command(report: report))
            let playbook = try place.playbook(play.playbook.text)
            let outcome = try await place.psrun(
                ["blocks", playbook, "--format", "json"],
                environment: ["PATH": path]
            )
            #expect(outcome.ending == .exited(0), "\(outcome)")
            let target = try JSONDecoder().decode(Listed.self, from: Data(outcome.standardOutput)).targets.first
            #expect(target?.steps.map(\.text) == play.playbook.steps.map(\.text), "\(name)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.recordings).isEmpty)
        }
    }

    @Test("A syntax error is told with its line, to a program as well, and the exit code is 1")
    func syntaxError() async throws {
        let play = try #require(try await CapturePlay.all().first { $0.entry.name == "server-cut/typo-middle" })
        let place = try Workplace()
        let path = try place.folder.searchPath(
            withPwsh: play.command(report: place.folder.path(of: "player.json"))
        )
        let outcome = try await place.psrun(
            ["blocks", try place.playbook(play.playbook.text), "--format", "json"],
            environment: ["PATH": path]
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        #expect(outcome.errors.contains("line 5, column 3 of the playbook"))
        let target = try JSONDecoder().decode(Listed.self, from: Data(outcome.standardOutput)).targets.first
        #expect(target?.error?.code == "PlaybookSyntaxError")
    }

    @Test("A computer without PowerShell says so, and where to ask instead")
    func noPowerShell() async throws {
        let place = try Workplace()
        let outcome = try await place.psrun(["blocks", try place.playbook("1\n")])
        #expect(outcome.ending == .exited(1), "\(outcome)")
        #expect(outcome.errors.contains("there is no pwsh in PATH here; --host names a computer that has PowerShell"))
        #expect(outcome.standardOutput.isEmpty)
    }
}
