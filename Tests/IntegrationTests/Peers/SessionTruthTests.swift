import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// What psrun tells of a session, where something comes between.
struct SessionTruthTests {
    @Test("A program that writes past the session is quoted, recorded, and does not end the run")
    func pastTheSession() async throws {
        let flags = try TemporaryFolder()
        let flag = flags.path(of: "flag")
        let script =
            "(until [ -e \(flag) ]; do sleep 0.1; done; printf 'h\\033[2Ji\\npart') & exec \"$0\" endpoint"
        let server = try ServedProcess(locally: ["/bin/sh", "-c", script, BuiltProgram.path])
        let playbook = try server.place.playbook("echo one\ntouch \(flag); sleep 2\necho two\n", named: "past.sh")
        let outcome = try await server.run(file: playbook)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.errors.contains("written past the session by a program there: h^[[2Ji\n"), "\(outcome)")
        #expect(outcome.errors.contains("written past the session by a program there: part\n"), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.map(\.outcome) == ["ok", "ok", "ok"])
        let export = try await server.place.psrun(["export", "last", "--as", "jsonl"])
        #expect(export.output.contains("past the session: h\\u001b[2Ji"), "\(export)")
    }

    @Test("A session on this computer begins in the folder that psrun was called in")
    func beginsHere() async throws {
        let place = try Workplace()
        let here = FileManager.default.currentDirectoryPath
        let outcome = try await place.psrun([try place.playbook("pwd\n", named: "here.sh"), "--format", "json"])
        #expect(try outcome.onlyTarget().steps[0].output == here + "\n", "\(outcome)")
    }

    @Test("After SIGKILL the line in flight is unknown, and those behind it were not sent")
    func killedInFlight() async throws {
        let place = try Workplace()
        let playbook = try place.playbook("echo one\necho two\nsleep 600\necho four\n", named: "four.sh")
        let run = try place.start([playbook])
        var polls = 0
        while try !run.outputSoFar().contains("sleep 600"), polls < 3_000 {
            polls += 1
            try await Task.sleep(for: .milliseconds(10))
        }
        try await Task.sleep(for: .milliseconds(50))
        run.signal(SIGKILL)
        #expect(try await run.outcome().ending == .killed(signal: SIGKILL))
        #expect(try await place.psrun(["recover", "last"]).ending == .exited(6))
        let shown = try await place.psrun(["export", "last", "--as", "jsonl"])
        let results = shown.output.matches(of: /\\"first_line\\":(\d+).{0,80}?\\"outcome\\":\\"(\w+)\\"/)
        #expect(
            results.map { "\($0.output.1) \($0.output.2)" } == ["1 ok", "2 ok", "3 unknown", "4 not_sent"],
            "\(shown)"
        )
    }
}
