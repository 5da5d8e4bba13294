import PSRunTestSupport
import Testing

/// A run that is signed, retained and pruned, by the program.
struct SignedRunTests {
    private let place: Workplace
    private var key: String { place.folder.path(of: "key") }

    init() async throws {
        place = try Workplace()
        let made = try await shell(
            "ssh-keygen -q -t ed25519 -N '' -C '' -f key && printf 'auditor %s' \"$(cat key.pub)\" >allowed"
        )
        guard made.ending == .exited(0) else { throw TestSupportError(made.description) }
    }

    private func shell(_ line: String) async throws -> ProgramOutcome {
        try await ChildProgram.run(["/bin/sh", "-c", "cd \"$0\" && \(line)", place.folder.path])
    }

    @Test("A signed run is proved by ssh-keygen, and is retained as long as it was asked to be")
    func signed() async throws {
        let playbook = try place.playbook("echo one\n", named: "one.sh")
        let run = try await place.psrun([playbook, "--sign-key", key, "--retain-until", "2099-12-31"])
        #expect(run.ending == .exited(0), "\(run)")
        let verified = try await shell(
            "cd recordings/*-one-* && ssh-keygen -Y verify -f ../../allowed -I auditor -n psrun-recording "
                + "-s manifest.json.sig <manifest.json && grep retain_until manifest.json"
        )
        #expect(verified.ending == .exited(0), "\(verified)")
        #expect(verified.output.contains("\"retain_until\": \"2099-12-31T00:00:00Z\""))
        let line = try await shell("cut -f 4,8 recordings/chain.log").output
        #expect(line == "run\tseal\n")
    }

    @Test("A key that cannot sign ends the run before anything connects")
    func badKey() async throws {
        let playbook = try place.playbook("echo one\n", named: "one.sh")
        let run = try await place.psrun([playbook, "--sign-key", place.folder.path(of: "none")])
        #expect(run.ending == .exited(2), "\(run)")
        #expect(run.errors.contains("cannot sign") && run.errors.contains("No such file"), "\(run)")
        #expect(try await shell("ls recordings").output.isEmpty)
    }

    @Test(
        "A key that is gone at the seal leaves an unsigned recording, never in silence",
        arguments: [("stop", Int32(3)), ("finish-step", 3), ("continue", 6)]
    )
    func lostKey(policy: String, code: Int32) async throws {
        let playbook = try place.playbook("rm '\(key)' '\(key).pub'\n", named: "rm.sh")
        let run = try await place.psrun([playbook, "--sign-key", key, "--on-record-failure", policy])
        #expect(run.ending == .exited(code), "\(run)")
        #expect(run.errors.contains("sealed without a signature"), "\(run)")
        #expect(try await shell("ls recordings/*-rm-*").output == "manifest.json\nrun.tar.zst\n")
    }

    @Test("What --retain-until and --keep do not take is said before anything is done")
    func badTimes() async throws {
        let playbook = try place.playbook("echo one\n", named: "one.sh")
        for when in ["tomorrow", "2099-02-30", "2001-01-01", "90", "0d", "-1d", "2000y"] {
            let run = try await place.psrun([playbook, "--retain-until", when])
            #expect(run.ending == .exited(2), "\(when): \(run)")
        }
        #expect(try await place.psrun(["prune"]).ending == .exited(2))
        #expect(try await shell("ls recordings").output.isEmpty)
    }

    @Test("Pruning keeps what is young, and says that nothing is to be done")
    func prune() async throws {
        let playbook = try place.playbook("echo one\n", named: "one.sh")
        #expect(try await place.psrun([playbook]).ending == .exited(0))
        let prune = try await place.psrun(["prune", "--keep", "1h", "--sign-key", key])
        #expect(prune.ending == .exited(0))
        #expect(prune.output == "There is nothing to prune in \(place.recordings).\n")
    }
}
