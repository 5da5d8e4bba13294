import PSRunTestSupport
import Testing

/// What cannot be written to standard output is not taken for told.
@Suite struct BadOutputTests {
    private static func psrun(_ words: String, to output: String, in place: Workplace) async throws -> ProgramOutcome {
        try await ChildProgram.run(
            ["/bin/sh", "-c", "exec \"$0\" \(words) \(output)", BuiltProgram.path],
            environment: place.environment()
        )
    }

    @Test(
        "A verb whose output is cut off says so, and has not ended well",
        arguments: [
            "list", "list --format json", "show last", "show last --format json", "replay last", "search hi",
            "diff last last", "verify last", "export last --as jsonl", "version",
        ],
        [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")]
    )
    func cutOff(words: String, output: (redirection: String, reason: String)) async throws {
        let place = try Workplace()
        let run = try await place.psrun([try place.playbook("echo hi\n", named: "p.sh")])
        #expect(run.ending == .exited(0), "\(run)")
        let outcome = try await Self.psrun(words, to: output.redirection, in: place)
        #expect(outcome.ending == .exited(1), "\(outcome)")
        if words != "version" {
            let reason = "psrun: standard output cannot be written: \(output.reason).\n"
            #expect(outcome.errors.hasSuffix(reason) && outcome.errors.split(separator: "\n").count <= 2, "\(outcome)")
        }
    }

    @Test("A run without standard descriptors is recorded all the same")
    func withoutDescriptors() async throws {
        let place = try Workplace()
        let playbook = try place.playbook("echo hi\n", named: "p.sh")
        _ = try await Self.psrun("'\(playbook)'", to: "<&- >&- 2>&-", in: place)
        let verdict = try await place.psrun(["verify", "--all"])
        #expect(verdict.ending == .exited(0), "\(verdict)")
        let said = try await place.psrun(["replay", "last"])
        #expect(said.output.hasSuffix("\nhi\n"))
    }
}
