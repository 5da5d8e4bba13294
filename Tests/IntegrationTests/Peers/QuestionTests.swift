import PSRunTestSupport
import Testing

/// A person at a terminal who is asked while other hosts go on.
struct QuestionTests {
    private typealias Line = TerminalDialog.Line

    private let place: Workplace
    private let password: PasswordServer
    private let other: SSHServer

    init() async throws {
        place = try Workplace()
        let key = place.folder.path(of: "host_key")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
        password = try await PasswordServer("password", "right", hostKey: key, in: place.folder)
        let peer = try place.folder.wrapper(for: Peers.command("psrpcore_server.py"), named: "peer")
        other = try await SSHServer(subsystems: ["powershell": peer])
    }

    private var hosts: [String] {
        password.arguments + ["--host", "\(other.user)@127.0.0.1:\(other.port)", "-KeyFilePath", other.key]
    }

    @Test("Nothing is shown while a question is open, and one wrong password is not the end")
    func heldBack() async throws {
        let question = "\(password.target)'s password: "
        let dialog = try await TerminalDialog(
            place,
            [try place.playbook("echo shown\n"), "--live"] + hosts,
            [Line(question, "wrong\n", after: 3), Line("That was refused; try again.\r\n\(question)", "right\n")]
        )
        #expect(dialog.outcome.ending == .exited(0), "\(dialog)")
        #expect(dialog.isRestored && dialog.unread.isEmpty)
        let screen = dialog.outcome.output
        let parts = screen.components(question)
        #expect(parts.count == 3, "\(screen)")
        // The other host was done long before the first answer.
        #expect(parts[0] == "", "\(screen)")
        let between = try #require(parts.dropFirst().first)
        #expect(between.hasPrefix("\r\n\(other.user)@127.0.0.1:\(other.port): ["), "\(screen)")
        #expect(between.hasSuffix("shown\r\nThat was refused; try again.\r\n"), "\(screen)")
        #expect(parts.last?.hasPrefix("\r\n\(password.target): [") == true, "\(screen)")
    }

    @Test("A host's clock stands still for its own question, and no other host's does")
    func ownClock() async throws {
        let silent = try await SilentPeer(.silent)
        let dialog = try await TerminalDialog(
            place,
            [try place.playbook("echo shown\n"), "-ConnectingTimeout", "2000", "--host", "127.0.0.1:\(silent.port)"]
                + hosts,
            [Line("'s password: ", "right\n", after: 4)]
        )
        #expect(dialog.outcome.ending == .exited(4), "\(dialog)")
        let shown = try await place.psrun(["show", "last", "--format", "json"])
        let phases = try #require(shown.output.firstMatch(of: /"banner":\s*([0-9]+)[,}]/)?.1).description
        #expect(shown.output.contains("ConnectingTimeout"), "\(shown)")
        // Its own time, and not the time of the question besides.
        let times = shown.output.matches(of: /"banner":\s*([0-9]+)/).compactMap { Int($0.1) }
        #expect((times.max() ?? 0) < 3_500_000, "\(phases) \(shown)")
        #expect(dialog.outcome.output.contains("--- \(password.target),"), "\(dialog)")
    }

    @Test("One password for several hosts is typed once: Enter alone is the same again")
    func samePassword() async throws {
        let key = place.folder.path(of: "host_key")
        let second = try await PasswordServer("password", "right", hostKey: key, in: try TemporaryFolder())
        let dialog = try await TerminalDialog(
            place,
            [try place.playbook("echo shown\n"), "--fanout", "1"] + password.arguments + ["--host", second.target],
            [
                Line("\(password.target)'s password: ", "right\n"),
                Line("\(second.target)'s password (Enter: the same as \(password.target)'s): ", "\n"),
            ]
        )
        #expect(dialog.outcome.ending == .exited(0), "\(dialog)")
    }

    @Test("Words of psrun's own do not come out in the far side's colours")
    func colours() async throws {
        let endpoint = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"], named: "endpoint")
        let server = try await SSHServer(subsystems: ["powershell": endpoint])
        let lines = "printf '\\033[31;8mleft red'\necho hidden\n"
        let words =
            [BuiltProgram.path, try place.playbook(lines), "--any-shell", "-v", "--color", "always"]
            + ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        let command = words.map { "'\($0)'" }.joined(separator: " ") + " 2>&1"
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", command], environment: place.environment())
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.output.contains("\u{1B}[31mleft red") && !outcome.output.contains("\u{1B}[31;8m"), "\(outcome)")
        var isPlain = true
        for line in outcome.output.split(separator: "\n") {
            if line.hasPrefix("psrun: ") { #expect(isPlain, "\(line)") }
            for sequence in line.matches(of: /\x1B\[([0-9;]*)m/) { isPlain = sequence.1 == "0" }
        }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
