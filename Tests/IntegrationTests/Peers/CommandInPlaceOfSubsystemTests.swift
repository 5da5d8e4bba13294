import PSRunTestSupport
import Testing

/// `--exec`: hosts whose sshd_config nobody may change.
struct CommandInPlaceOfSubsystemTests {
    /// psrun against an sshd that has no subsystem at all.
    private func run(
        _ command: String,
        _ lines: String,
        _ options: [String] = []
    ) async throws -> ProgramOutcome {
        let place = try Workplace()
        let server = try await SSHServer(subsystems: [:])
        let host = ["--host", "\(server.user)@127.0.0.1:\(server.port)", "--exec", command]
        return try await place.psrun(
            [try place.playbook(lines), "--any-shell", "--format", "json"] + host + server.options() + options
        )
    }

    @Test("psrun's endpoint is entered over an exec channel, whatever the login shell prints before it")
    func endpoint() async throws {
        let outcome = try await run(
            "echo Welcome; echo to the machine; exec \(BuiltProgram.path) endpoint",
            "greeting='as written'\necho \"$greeting\"\nexit 3\n"
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.map(\.output) == ["", "as written\n", ""])
        #expect(target.exitCode == 3)
        #expect(outcome.errors.contains("before PSRP began, the far side wrote: Welcome"), "\(outcome)")
    }

    @Test("A command that is not there is told with what the far side said, and its exit status")
    func missing() async throws {
        let outcome = try await run("/nonexistent/pwsh -sshs", "echo in\n")
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let error = try #require(try outcome.onlyTarget().error)
        #expect(error.message.contains("127"), "\(error)")
        #expect(outcome.errors.contains("/nonexistent/pwsh"), "\(outcome)")
    }

    @Test("--exec and --subsystem do not go together")
    func both() async throws {
        let outcome = try await run("pwsh -sshs", "echo in\n", ["--subsystem", "other"])
        #expect(outcome.ending == .exited(2))
        #expect(outcome.errors.contains("--exec and --subsystem both say"), "\(outcome)")
    }
}
