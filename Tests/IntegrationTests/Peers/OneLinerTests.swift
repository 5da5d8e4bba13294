import PSRunTestSupport
import Testing

/// Runs without a playbook's file.
struct OneLinerTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test("Lines of -c run one after the other in one session, and are recorded as `command`")
    func lines() async throws {
        let ended = try await place.psrun(["-c", "cd /usr", "-c", "pwd", "--format", "json"])
        #expect(ended.ending == .exited(0), "\(ended)")
        #expect(try ended.onlyTarget().steps.map(\.output) == ["", "/usr\n"])
        let listed = try await place.psrun(["list"])
        #expect(listed.output.contains("-command-"), "\(listed)")
    }

    @Test("A playbook may come from standard input, and is recorded as `stdin`")
    func standardInput() async throws {
        let ended = try await place.psrun(["-", "--format", "json"], input: Array("echo one\necho two\n".utf8))
        #expect(ended.ending == .exited(0), "\(ended)")
        #expect(try ended.onlyTarget().steps.map(\.output) == ["one\n", "two\n"])
        let listed = try await place.psrun(["list"])
        #expect(listed.output.contains("-stdin-"), "\(listed)")
    }

    @Test("A word that is neither a verb nor a file is told with the verb that it may be")
    func missingVerb() async throws {
        let ended = try await place.psrun(["ls"])
        #expect(ended.ending == .exited(2))
        #expect(
            ended.errors
                == "psrun: There is no file ls to run as a playbook, and psrun has no verb of that name. "
                + "Did you mean `psrun list`?\n"
        )
    }

    @Test("An answer that nobody asked for is told")
    func unusedAnswer() async throws {
        let ended = try await place.psrun(["-c", "echo one", "--answer", "Name=Bob"])
        #expect(ended.errors.contains("--answer (number 1) matched no prompt"), "\(ended)")
        #expect(!ended.errors.contains("Bob"))
    }
}
