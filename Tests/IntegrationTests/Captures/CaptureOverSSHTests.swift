import PSRunTestSupport
import Testing

/// The same captures behind a real sshd, each as a subsystem of its own.
struct CaptureOverSSHTests {
    @Test("Every capture with lines, as a subsystem of sshd")
    func behindSSH() async throws {
        let plays = try await CapturePlay.all { $0.name != "alone" }
        #expect(plays.count > 90)
        let place = try Workplace()
        let subsystems = try plays.enumerated().map { index, play in
            let command = play.command(report: place.folder.path(of: "player-\(index).json"))
            return ("capture-\(index)", try place.folder.wrapper(for: command, named: "server-\(index)"))
        }
        let server = try await SSHServer(subsystems: Dictionary(uniqueKeysWithValues: subsystems))
        try await concurrently(Array(plays.enumerated())) { index, play in
            let playbook = try place.playbook(play.playbook.text, named: "playbook-\(index).ps1")
            let target = ["--host", "127.0.0.1:\(server.port)", "-Subsystem", "capture-\(index)"]
            let outcome = try await place.psrun(
                [playbook, "--format", "json"] + target + server.options() + play.playbook.options
            )
            try await play.check(outcome, playerReport: place.folder.path(of: "player-\(index).json"))
        }
    }
}
