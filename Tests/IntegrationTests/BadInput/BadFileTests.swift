import PSRunTestSupport
import Testing

/// Files that options name and that will not do: said before anything connects, exit code 2.
struct BadFileTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func refuse(_ options: [String], saying words: [String]) async throws {
        let outcome = try await place.psrun([try place.playbook("echo in\n"), "--host", "127.0.0.1:9"] + options)
        #expect(outcome.ending == .exited(2), "\(outcome)")
        for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome)") }
        #expect(try FolderListing.names(in: place.recordings).isEmpty)
    }

    @Test("A secret that others may read, or that is not there", arguments: ["--password-file", "--passphrase-file"])
    func secretFiles(option: String) async throws {
        let file = try place.folder.write("hunter2\n", to: "secret", mode: 0o640)
        try await refuse([option, file], saying: [option, file, "chmod 600"])
        try await refuse([option, file + ".txt"], saying: [option, "No such file"])
    }

    @Test("A secret may come from a pipe, which can be read once")
    func piped() async throws {
        let endpoint = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        let server = try await SSHServer(subsystems: ["powershell": endpoint])
        let arguments =
            [
                BuiltProgram.path, try place.playbook("echo \(SSHServer.passphrase)\n"), "--any-shell",
                "--passphrase-file", "/dev/stdin", "--host", "\(server.user)@127.0.0.1:\(server.port)",
            ] + server.options(key: server.lockedKey)
        let outcome = try await ChildProgram.run(
            ["/bin/sh", "-c", "echo \"$0\" | \"$@\"", SSHServer.passphrase] + arguments,
            environment: place.environment()
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let replay = try await place.psrun(["replay", "last"])
        #expect(replay.output.contains("echo [redacted:"), "\(replay)")
    }

    @Test("A folder where the results are to be written")
    func outputFolder() async throws {
        try await refuse(["--output", place.home], saying: ["--output", place.home, "folder"])
    }

    @Test("Results that cannot be written are missed by somebody: it is said, and the exit code is 1")
    func fullOutput() async throws {
        let arguments = [BuiltProgram.path, try place.playbook("echo in\n"), "--any-shell"]
        let outcome = try await ChildProgram.run(
            ["/bin/sh", "-c", "\"$0\" \"$@\" >/dev/full"] + arguments,
            environment: place.environment()
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        #expect(outcome.errors.contains("could not be written: No space left on device"), "\(outcome)")
    }
}
