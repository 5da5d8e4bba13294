import PSRunTestSupport
import Testing

/// `psrun replay` for a person at a terminal.
struct ReplayPlayerTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    /// Colours over several lines, wide characters, marks, tabs, long lines, lines without an end, and tricks.
    private static let playbook = #"""
        echo start; seq 30
        printf '\033[31mred \033[1mbold\nstill red and bold\n\033[44mblue ground\033[0m plain\n'; sleep 0.1
        printf '%s\n' '日本語の文字がとても長い行に並んでいて折り返される必要があります日本語の文字がとても長い行に並んでいて'
        printf 'combining: e\314\201a\314\210o\314\202\n\ttabs:\ta\tbb\tccc\tdddd\t\033[7mx\ty\033[0m\tf\tg\th\ti\tj\n'
        for i in 1 2 3 4 5 6 7; do printf 'a line that is wrapped where it is narrow, \033[3%dmin colour\033[0m\n' $i; done
        printf 'no line end'; sleep 0.2; printf ' and its end\rover\n'; printf '\033]0;title\007\033[2J\n'
        head -c 3000 /dev/zero | tr '\0' x; echo; seq 100 160

        """#

    private func record(_ text: String) async throws -> String {
        let run = try await place.psrun([try place.playbook(text, named: "p.sh")])
        #expect(run.ending == .exited(0), "\(run)")
        let name = try #require(
            try FolderListing.names(in: place.recordings).first { $0.contains("-p-") }
        )
        return "\(place.recordings)/\(name)"
    }

    /// Two targets in one run: one server by two of its names.
    private func recordTwoTargets() async throws -> String {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        let hosts = ["127.0.0.1", "localhost"].flatMap { ["--host", "\(server.user)@\($0):\(server.port)"] }
        let run = try await place.psrun([try place.playbook("echo one\n", named: "two.sh")] + hosts + server.options())
        #expect(run.ending == .exited(0), "\(run)")
        let name = try #require(try FolderListing.names(in: place.recordings).first { $0.contains("-two-") })
        return "\(place.recordings)/\(name)"
    }

    private func drive(_ script: String, _ arguments: [String]) async throws -> ProgramOutcome {
        try await ChildProgram.run(
            Peers.command(script, [BuiltProgram.path] + arguments),
            environment: place.environment(),
            within: 120
        )
    }

    @Test("After keys and sizes at random, the screen is that of a terminal that saw it straight", arguments: 1...3)
    func screens(seed: Int) async throws {
        let folder = try await record(Self.playbook)
        let outcome = try await drive("replay_screen.py", [folder, String(seed), "60"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.output.hasPrefix("60 screens of "), "\(outcome)")
    }

    @Test(
        "Whatever ends or stops it, the terminal is as it was; what is damaged is not shown, what is recovered says so"
    )
    func terminal() async throws {
        let two = try await recordTwoTargets()
        let damaged = place.folder.path(of: "damaged")
        let copied = try await ChildProgram.run(["/bin/cp", "-a", two, damaged])
        #expect(copied.ending == .exited(0))
        var archive = try contents(of: "\(damaged)/run.tar.zst")
        archive[150] ^= 0x04
        try place.folder.write(archive, to: "damaged/run.tar.zst", mode: 0o600)
        let killed = try place.start([try place.playbook("echo one; sleep 60\n", named: "killed.sh")])
        while try !killed.outputSoFar().contains("one\n") { try await Task.sleep(for: .milliseconds(20)) }
        killed.signal(9)
        _ = try await killed.outcome()
        let recovery = try await place.psrun(["recover"])
        #expect(recovery.ending == .exited(6), "\(recovery)")
        let recovered = try #require(try FolderListing.names(in: place.recordings).first { $0.contains("-killed-") })
        let outcome = try await drive("replay_terminal.py", [two, damaged, "\(place.recordings)/\(recovered)"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
    }
}
