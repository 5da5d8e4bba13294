import Glibc
import PSRunTestSupport
import Testing

/// A disk that is really full: a small tmpfs in a mount namespace of its own.
struct FullDiskTests {
    private let server: ServedProcess
    private var place: Workplace { server.place }

    init() throws {
        server = try ServedProcess(locally: [BuiltProgram.path, "endpoint"])
    }

    /// Runs a shell script in a mount namespace where the recordings folder is a tmpfs of that many KiB.
    private func onSmallDisk(kibibytes: Int, _ script: String) async throws -> ProgramOutcome {
        let mount = "mount -t tmpfs -o size=\(kibibytes)k,mode=700 none '\(place.recordings)' || exit 99\n"
        let environment = place.environment(adding: server.environment)
        let command = ["--mount", "/bin/sh", "-c", mount + script]
        // Root needs no user namespace, which a container may forbid; nobody else can mount without one.
        var outcome = try await ChildProgram.run(
            ["/usr/bin/unshare", "--map-root-user"] + command,
            environment: environment
        )
        if outcome.output.isEmpty {
            outcome = try await ChildProgram.run(["/usr/bin/unshare"] + command, environment: environment)
        }
        #expect(outcome.ending == .exited(0), "no tmpfs can be mounted here: \(outcome)")
        return outcome
    }

    @Test(
        "The recording fills its disk in the middle of the run, which ends as --on-record-failure says",
        arguments: [("stop", 3), ("finish-step", 3), ("continue", 6)]
    )
    func inTheMiddle(policy: String, status: Int) async throws {
        let wide = "head -c 500000 /dev/urandom | base64 -w 0"
        let playbook = try place.playbook("echo one\necho two\n\(wide)\necho four\n", named: "fill.sh")
        let shown = place.folder.path(of: "shown")
        let outcome = try await onSmallDisk(
            kibibytes: 256,
            """
            '\(BuiltProgram.path)' '\(playbook)' --on-record-failure \(policy) >'\(shown)'
            echo "status $?"
            mount -o remount,size=16m '\(place.recordings)'
            '\(BuiltProgram.path)' recover
            echo "recovery $?"
            '\(BuiltProgram.path)' replay last --instant | head -n 4
            """
        )
        #expect(outcome.errors.contains("No space left on device"), "\(outcome)")
        #expect(outcome.output.contains("status \(status)\n"), "\(outcome)")
        #expect(outcome.output.contains("recovery 6\n"), "\(outcome)")
        #expect(outcome.output.contains("echo one\none\n"), "\(outcome)")
        #expect(outcome.output.contains("echo two\ntwo\n"), "\(outcome)")
        #expect(try text(of: shown).contains("echo four\n") == (policy == "continue"), "\(outcome)")
    }

    @Test("A disk that has no room for the smallest recording is found before anything connects")
    func noRoom() async throws {
        let playbook = try place.playbook("echo ran >'\(place.folder.path)/ran'\n", named: "small.sh")
        let outcome = try await onSmallDisk(
            kibibytes: 16,
            """
            '\(BuiltProgram.path)' '\(playbook)'
            echo "status $?"
            ls '\(place.recordings)'
            """
        )
        #expect(outcome.output == "status 3\nchain.log\n", "\(outcome)")
        #expect(
            outcome.errors.contains("No space left on device") && outcome.errors.contains("Free space"),
            "\(outcome)"
        )
        #expect(access(place.folder.path(of: "ran"), F_OK) != 0)
    }

    @Test("Disks of every size up to one that is large enough: never a silent success")
    func everySize() async throws {
        let playbook = try place.playbook("echo one\necho two\n", named: "small.sh")
        var statuses: [Substring] = []
        for size in stride(from: 4, through: 64, by: 4) {
            let outcome = try await onSmallDisk(
                kibibytes: size,
                """
                '\(BuiltProgram.path)' '\(playbook)' >/dev/null
                echo "status $?"
                ls '\(place.recordings)'/*/manifest.json 2>/dev/null || true
                """
            )
            let lines = outcome.output.split(separator: "\n")
            let status = try #require(lines.first, "\(outcome)")
            #expect(status == "status 0" || status == "status 3", "\(outcome)")
            #expect((status == "status 0") == (lines.count == 2), "\(outcome)")
            statuses.append(status)
        }
        #expect(statuses.first == "status 3" && statuses.last == "status 0", "\(statuses)")
    }
}
