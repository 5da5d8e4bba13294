import PSRunTestSupport
import Testing

/// A system that has few descriptors or threads left: psrun says so at once, and never blames a host for it.
struct ScarceSystemTests {
    private let place: Workplace
    private let playbook: String

    init() throws {
        place = try Workplace()
        playbook = try place.playbook("echo hi\n", named: "p.sh")
    }

    /// Runs psrun behind a program that limits it.
    private func psrun(_ arguments: [String], behind limiter: [String]) async throws -> ProgramOutcome {
        let words = ["/usr/bin/env"] + limiter + [BuiltProgram.path] + arguments
        return try await ChildProgram.run(words, environment: place.environment(), within: 20)
    }

    @Test(
        "Whatever number of descriptors there may be, a run ends well or with a sentence, and never by a signal",
        arguments: [4, 5, 6, 8, 10, 12, 16, 20, 24, 28, 32, 36, 40, 64]
    )
    func descriptors(number: Int) async throws {
        let outcome = try await psrun([playbook], behind: ["prlimit", "--nofile=\(number)"])
        if number == 64 { #expect(outcome.ending == .exited(0), "\(outcome)") }
        guard outcome.ending != .exited(0) else { return }
        #expect(outcome.ending == .exited(1), "\(outcome)")
        #expect(outcome.errors.contains("psrun: cannot begin"), "\(outcome)")
        #expect(outcome.errors.contains("ulimit -n"), "\(outcome)")
    }

    @Test("A verb without descriptors says what it lacks; one that needs none works")
    func descriptorsOfVerbs() async throws {
        let list = try await psrun(["list"], behind: ["prlimit", "--nofile=8"])
        #expect(list.ending == .exited(1), "\(list)")
        #expect(list.errors.contains("ulimit -n"), "\(list)")
        #expect(try await psrun(["version"], behind: ["prlimit", "--nofile=8"]).ending == .exited(0))
    }

    @Test("A soft limit on descriptors is raised as far as the hard one lets it")
    func softLimit() async throws {
        let outcome = try await psrun([playbook], behind: ["prlimit", "--nofile=8:256"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
    }

    @Test("Where descriptors are few, fewer targets run at once, and every one of them is reached")
    func fewDescriptors() async throws {
        let command = Peers.command("psrpcore_server.py")
        let folder = try TemporaryFolder()
        let server = try await SSHServer(subsystems: ["powershell": try folder.wrapper(for: command)])
        let known = try folder.write("* \(server.hostKey)\n", to: "known_hosts")
        let config = try folder.write("Host h*\nHostName 127.0.0.1\n", to: "config")
        let arguments = [
            try place.playbook("echo hi\n"), "--host", "h[1-24]", "-Port", "\(server.port)", "-UserName", server.user,
            "-KeyFilePath", server.key, "-Options", "UserKnownHostsFile=\(known)", "--ssh-config", config,
        ]
        let outcome = try await psrun(arguments, behind: ["prlimit", "--nofile=72"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.output.contains("@h[1-24]:\(server.port) (24)\n"), "\(outcome)")
        #expect(outcome.errors.contains("targets run at once, not 24"), "\(outcome)")
    }

    @Test(
        "Descriptors that run out in the middle of a run are told as that, and no host is blamed",
        arguments: ["127.0.0.2", "localhost"]
    )
    func inTheMiddle(second: String) async throws {
        let peer = try await SilentPeer(.silent)
        let program = try place.start([
            playbook, "--host", "127.0.0.1:\(peer.port),\(second):\(peer.port)", "--fanout", "1", "-ConnectingTimeout",
            "3000",
            "-v",
        ])
        // The first host is being waited for: what is open stays so, and nothing more can be.
        try await Task.sleep(for: .milliseconds(1500))
        let limiter = ["/usr/bin/prlimit", "--pid", "\(program.processID)", "--nofile=12:12"]
        #expect(try await ChildProgram.run(limiter).ending == .exited(0))
        let outcome = try await program.outcome(within: 60)
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let told = outcome.errors.split(separator: "\n").filter { $0.contains("\(second):") }
        #expect(told.contains { $0.contains("raise `ulimit -n`") }, "\(outcome)")
        #expect(
            !told.contains { $0.contains("Check that the host is up") || $0.contains("Check the name") },
            "\(outcome)"
        )
    }

    /// The kernel counts a user's threads, and root's not: as another user, whom no other process is of.
    @Test(
        "Whatever number of threads there may be, a run ends at once, well or with a sentence",
        arguments: [0, 1, 2, 3, 5, 8, 12, 16, 17, 18, 19, 20, 22, 26, 40]
    )
    func threads(number: Int) async throws {
        let folder = try TemporaryFolder()
        let user = "\(Int.random(in: 200_000..<60_000_000))"
        let handed = try await ChildProgram.run([
            "/usr/bin/env", "chown", "-R", user, folder.path, place.folder.path,
        ])
        guard handed.ending == .exited(0) else { return }
        let limiter = ["setpriv", "--reuid", user, "--clear-groups", "prlimit", "--nproc=\(number)"]
        let began = ContinuousClock.now
        let outcome = try await psrun([playbook, "--recordings", "\(folder.path)/rec"], behind: limiter)
        #expect(ContinuousClock.now - began < .seconds(10), "\(outcome)")
        if number == 40 { #expect(outcome.ending == .exited(0), "\(outcome)") }
        guard outcome.ending != .exited(0) else { return }
        #expect(outcome.ending == .exited(1) || outcome.ending == .exited(4), "\(outcome)")
        #expect(
            outcome.errors.contains("ulimit -u") || outcome.errors.contains("Resource temporarily unavailable"),
            "\(outcome)"
        )
    }
}
