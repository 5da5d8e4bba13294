import Glibc
import PSRunTestSupport
import Testing

/// Recordings that cannot be kept end the run, exit code 3; nothing runs that would not be recorded.
struct BadRecordingsTests {
    private let server: ServedProcess

    init() throws {
        server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
    }

    private func check(_ outcome: ProgramOutcome, saying words: [String]) {
        #expect(outcome.ending == .exited(3), "\(outcome)")
        for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome)") }
    }

    @Test("A folder that is not there is made")
    func missing() async throws {
        let folder = server.place.folder.path(of: "new/recordings")
        let outcome = try await server.run("echo in\n", ["--recordings", folder])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try FolderListing.runs(in: folder).count == 1)
    }

    @Test("A folder that cannot be made, for a file stands in its place")
    func aFileInItsPlace() async throws {
        let file = try server.place.folder.write("", to: "file")
        let outcome = try await server.run("echo in\n", ["--recordings", file + "/recordings"])
        check(outcome, saying: [file])
    }

    @Test("A folder that nothing can be written to")
    func readOnly() async throws {
        // To root permissions mean nothing, but nobody can make a folder in /proc.
        let folder = getuid() == 0 ? "/proc/self" : try server.place.folder.makeFolder("read-only", mode: 0o500)
        let outcome = try await server.run("echo in\n", ["--recordings", folder])
        check(outcome, saying: [folder])
    }

    @Test(
        "A chain.log that is none is found before anything connects, whatever it is",
        arguments: ["line", "zeros", "folder"]
    )
    func noChain(kind: String) async throws {
        let path = "\(server.place.recordings)/chain.log"
        let marker = server.place.folder.path(of: "marker")
        if kind == "folder" {
            #expect(mkdir(path, 0o700) == 0)
        } else {
            let file = open(path, O_WRONLY | O_CREAT, 0o600)
            if kind == "zeros" { #expect(ftruncate(file, off_t(1) << 41) == 0) }
            if kind == "line" {
                let bytes = [UInt8](repeating: 0x78, count: 1 << 20)
                for _ in 0..<300 { #expect(write(file, bytes, bytes.count) == bytes.count) }
            }
            close(file)
        }
        let outcome = try await server.run("touch '\(marker)'\n")
        check(outcome, saying: [path])
        #expect(access(marker, F_OK) != 0, "the line was sent")
    }

    @Test("A disk that is full ends the run at that step, and what was recorded until then is kept")
    func full() async throws {
        // A limit on the size of files stands for the disk: 64 KiB a file, the report's among them.
        let place = server.place
        let playbook = try place.playbook("echo before\nseq 6000 >&2\necho after\n")
        let outcome = try await ChildProgram.run(
            [
                "/bin/sh", "-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\" >/dev/null", BuiltProgram.path,
                playbook,
            ],
            environment: place.environment(adding: server.environment)
        )
        check(outcome, saying: [place.recordings])
    }

    @Test(
        "A failure that shows only when a step is put on disk comes before the next line",
        arguments: ["stop", "finish-step"]
    )
    func beforeTheNextLine(name: String) async throws {
        let place = server.place
        let marker = place.folder.path(of: "marker")
        // The journal fails at the commit of the second line, whose output is all that it takes.
        let playbook = try place.playbook("echo before\n: psrp wide 80000\ntouch '\(marker)'\n")
        let run = "trap '' XFSZ; ulimit -f 128; \"$0\" \"$@\"; echo \"status $?\" >&2"
        let outcome = try await ChildProgram.run(
            [
                "/bin/sh", "-c", "(\(run)) | cat", BuiltProgram.path, playbook, "--format", "json",
                "--on-record-failure", name,
            ],
            environment: place.environment(adding: server.environment)
        )
        #expect(outcome.errors.contains("status 3\n"), "\(outcome.errors)")
        #expect(try outcome.onlyTarget().steps.map(\.outcome) == ["ok", "ok", "not_sent"])
        #expect(access(marker, F_OK) != 0, "the third line was sent")
    }

    /// A full disk in the middle of the second line, under each policy; a limit on the size of files stands for the disk.
    @Test(
        "A recording that fails in the middle of a run: --on-record-failure says what becomes of the run",
        arguments: [
            ("stop", "seq 4000; sleep 20", 3, ["ok", "stopped", "not_sent"]),
            ("finish-step", "seq 4000; sleep 3", 3, ["ok", "ok", "not_sent"]),
            ("continue", "seq 4000", 6, ["ok", "ok", "ok"]),
        ]
    )
    func policy(name: String, line: String, status: Int, outcomes: [String]) async throws {
        let place = server.place
        let playbook = try place.playbook("echo before\n\(line)\necho after\n")
        let run = "trap '' XFSZ; ulimit -f 128; \"$0\" \"$@\"; echo \"status $?\" >&2"
        let outcome = try await ChildProgram.run(
            [
                "/bin/sh", "-c", "(\(run)) | cat", BuiltProgram.path, playbook, "--format", "json",
                "--on-record-failure", name,
            ],
            environment: place.environment(adding: server.environment)
        )
        #expect(outcome.errors.contains("status \(status)\n"), "\(outcome.errors)")
        #expect(outcome.errors.contains(place.recordings), "\(outcome.errors)")
        #expect(try outcome.onlyTarget().steps.map(\.outcome) == outcomes)
    }
}
