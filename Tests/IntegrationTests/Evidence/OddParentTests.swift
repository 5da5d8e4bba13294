import PSRunTestSupport
import Testing

/// What a parent hands down does not change what a signature says.
struct OddParentTests {
    private let place: Workplace

    init() async throws {
        place = try Workplace()
        let made = try await shell(
            "ssh-keygen -q -t ed25519 -N '' -C '' -f key && printf 'auditor %s' \"$(cat key.pub)\" >allowed"
        )
        guard made.ending == .exited(0) else { throw TestSupportError(made.description) }
    }

    private func shell(_ line: String) async throws -> ProgramOutcome {
        let command = ["/bin/sh", "-c", "cd \"$0\" && \(line)", place.folder.path, BuiltProgram.path]
        return try await ChildProgram.run(command, environment: place.environment())
    }

    @Test("A parent that ignores SIGCHLD changes nothing: a run is signed, and its signature is good")
    func ignoredSignal() async throws {
        _ = try place.playbook("echo one\n", named: "one.sh")
        let run = try await shell("trap '' CHLD; exec \"$1\" one.sh --sign-key key")
        #expect(run.ending == .exited(0), "\(run)")
        let verify = try await shell("trap '' CHLD; exec \"$1\" verify last --allowed-signers allowed")
        #expect(verify.ending == .exited(0) && verify.output.contains("signed by auditor"), "\(verify)")
    }

    @Test("Where there is no ssh-keygen, a signature could not be checked, which is not the same as a wrong one")
    func noKeygen() async throws {
        _ = try place.playbook("echo one\n", named: "one.sh")
        #expect(try await shell("exec \"$1\" one.sh --sign-key key").ending == .exited(0))
        let verify = try await shell("PATH=/nonexistent exec \"$1\" verify last --allowed-signers allowed")
        #expect(verify.ending == .exited(6), "\(verify)")
        let finding = "SignatureUnchecked: manifest.json: its signature could not be checked"
        #expect(verify.output.contains(finding), "\(verify)")
        #expect(!verify.output.contains("NOT PROVED") && !verify.output.contains("SignatureInvalid"), "\(verify)")
        let required = try await shell(
            "PATH=/nonexistent exec \"$1\" verify last --allowed-signers allowed --require-signature"
        )
        #expect(required.ending == .exited(1), "\(required)")
    }

    @Test("recover --sign-key without a name signs nobody else's journal")
    func othersJournals() async throws {
        _ = try place.playbook("echo one\nkill -9 $PPID\nsleep 5\n", named: "one.sh")
        let who = try await shell("id -u")
        guard who.output == "0\n" else { return }
        let made = try await shell(
            "mkdir recordings/20261122T020000Z-theirs-abcdef && cd recordings/*-theirs-* && : >journal && chown -R 65534 ."
        )
        #expect(made.ending == .exited(0))
        let all = try await shell("exec \"$1\" recover --sign-key key")
        #expect(all.ending == .exited(1), "\(all)")
        let word = "20261122T020000Z-theirs-abcdef stays as it is: it belongs to another user"
        #expect(all.errors.contains(word), "\(all)")
    }
}
