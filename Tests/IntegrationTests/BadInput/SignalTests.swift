import Glibc
import PSRunTestSupport
import Testing

/// Signals in the middle of a line: the recording is sealed, and nothing of the far side stays behind.
struct SignalTests {
    private let place: Workplace
    private let environment: [String: String]

    init() throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        (place, environment) = (server.place, server.environment)
    }

    /// Starts a playbook and waits until its console shows that text.
    private func start(_ text: String, until shown: String, _ options: [String] = []) async throws -> ChildProgram {
        let program = try place.start([try place.playbook(text)] + options, environment: environment)
        for _ in 0..<1000 where try !program.outputSoFar().contains(shown) {
            try await Task.sleep(for: .milliseconds(20))
        }
        return program
    }

    private func sealedRuns() throws -> Int {
        try FolderListing.runs(in: place.recordings).filter { run in
            let files = try FolderListing.names(in: "\(place.recordings)/\(run)")
            return files.contains("manifest.json") && !files.contains { $0.hasPrefix("journal") }
        }.count
    }

    @Test(
        "The first signal stops the line, seals the recording, and gives the exit code",
        arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    )
    func first(signal: Int32) async throws {
        let program = try await start("echo $PPID; sleep 60\necho after\n", until: "\n")
        program.signal(signal)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(128 + signal), "\(outcome)")
        #expect(!outcome.output.contains("echo after"), "\(outcome)")
        #expect(try sealedRuns() == 1)
        let replay = try await place.psrun(["replay", "last"])
        #expect(replay.ending == .exited(0), "\(replay)")
        #expect(replay.output.contains("sleep 60"), "\(replay)")
    }

    @Test("A far side that hears nothing is dropped after the grace, and the recording is sealed all the same")
    func deaf() async throws {
        let program = try await start(": psrp deaf\necho after\n", until: "deaf now", ["--grace", "300ms"])
        program.signal(SIGINT)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(130), "\(outcome)")
        #expect(try sealedRuns() == 1)
    }

    @Test("A second signal leaves at once, whatever the first one waits for; what was shown can be recovered")
    func second() async throws {
        let program = try await start("echo one\n: psrp deaf\n", until: "deaf now", ["--grace", "60s"])
        program.signal(SIGINT)
        for _ in 0..<1000 where try !program.errorsSoFar().contains("a second signal ends psrun at once") {
            try await Task.sleep(for: .milliseconds(20))
        }
        program.signal(SIGINT)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(130), "\(outcome)")
        #expect(try sealedRuns() == 0)
        let recovery = try await place.psrun(["recover"])
        #expect(recovery.ending == .exited(6), "\(recovery)")
        let replay = try await place.psrun(["replay", "last"])
        #expect(replay.output.contains("one\n"), "\(replay)")
    }

    /// Presses Ctrl-C twice once the console shows `text`; gives those of the processes that a line "left" names that are
    /// still there when psrun has ended.
    private func survivors(of playbook: String, _ environment: [String: String], until text: String) async throws
        -> [Int32]
    {
        let options = ["--grace", "60s", "--any-shell"]
        let program = try place.start([try place.playbook(playbook)] + options, environment: environment)
        for _ in 0..<1000 where try !program.outputSoFar().contains(text) {
            try await Task.sleep(for: .milliseconds(20))
        }
        let line = try program.outputSoFar().split(separator: "\n").first { $0.hasPrefix("left ") }
        let processes = line?.split(separator: " ").compactMap { Int32($0) } ?? []
        #expect(!processes.isEmpty && processes.allSatisfy { kill($0, 0) == 0 }, "\(line ?? "nothing")")
        program.signal(SIGINT)
        for _ in 0..<1000 where try !program.errorsSoFar().contains("a second signal ends psrun at once") {
            try await Task.sleep(for: .milliseconds(20))
        }
        program.signal(SIGINT)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(130), "\(outcome)")
        return processes.filter { kill($0, 0) == 0 }
    }

    @Test("A second signal leaves nothing of psrun's own endpoint behind, whatever the line shuts its ears to")
    func secondAndOwnEndpoint() async throws {
        let line = "trap '' INT TERM HUP; sleep 1000 & sleep 1000 & echo \"left $! $$\"; sleep 1000\n"
        let folder = try TemporaryFolder()
        let environment = ["PATH": try folder.searchPath(withPwsh: [BuiltProgram.path, "endpoint"])]
        #expect(try await survivors(of: line, environment, until: "\nleft ") == [])
    }

    @Test("A second signal ends all of a far side's process group before psrun leaves, one that hears nothing among it")
    func secondAndDeafGroup() async throws {
        let folder = try TemporaryFolder()
        let server = Peers.command("psrpcore_server.py").joined(separator: " ")
        let script = "trap '' INT TERM HUP; sleep 1000 & echo \"left $! $$\" >\(folder.path)/pids; \(server); wait\n"
        let environment = ["PATH": try folder.searchPath(withPwsh: ["/bin/sh", "-c", script])]
        let playbook = "cat '\(folder.path)/pids'\n: psrp deaf\n"
        #expect(try await survivors(of: playbook, environment, until: "deaf now") == [])
    }

    @Test("A reader that goes away ends neither the run nor its recording")
    func closedPipe() async throws {
        let playbook = try place.playbook("seq 300\necho after\n")
        let outcome = try await ChildProgram.run(
            ["/bin/sh", "-c", "{ \"$0\" \"$1\"; echo \"status $?\" >&2; } | head -n 1", BuiltProgram.path, playbook],
            environment: place.environment(adding: environment)
        )
        #expect(outcome.errors.contains("status 1"), "\(outcome)")
        #expect(try sealedRuns() == 1)
        let replay = try await place.psrun(["replay", "last"])
        #expect(replay.output.contains("echo after\nafter\n"), "the whole run is recorded")
    }
}
