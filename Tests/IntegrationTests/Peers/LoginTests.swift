import PSRunTestSupport
import Testing

/// ssh_config's keywords in whole logins of the program to a real sshd.
struct LoginTests {
    private let place: Workplace
    private let server: SSHServer

    init() async throws {
        place = try Workplace()
        let endpoint = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        server = try await SSHServer(subsystems: ["powershell": endpoint])
    }

    /// Runs `echo in` on the host `web` under an ssh_config of these lines for it; `agent` is in an ssh-agent meanwhile.
    private func run(_ lines: [String], agent: String? = nil, port: Int? = nil, line: String = "echo in") async throws
        -> ProgramOutcome
    {
        let common = [
            "Host web", "HostName 127.0.0.1", "Port \(port ?? server.port)", "User \(server.user)",
            "GlobalKnownHostsFile /dev/null",
        ]
        let config = try place.folder.write((common + lines).joined(separator: "\n") + "\n", to: "config")
        let arguments = [
            BuiltProgram.path, try place.playbook(line + "\n"), "--any-shell", "--format", "json", "--host", "web",
            "--ssh-config", config,
        ]
        guard let agent else {
            return try await ChildProgram.run(arguments, environment: place.environment())
        }
        let script = "ssh-add -q \"$0\" && exec \"$@\""
        return try await ChildProgram.run(
            ["/usr/bin/ssh-agent", "/bin/sh", "-c", script, agent] + arguments,
            environment: place.environment()
        )
    }

    /// Lines that make this server known by another name.
    private func knownAs(_ name: String) throws -> [String] {
        let file = try place.folder.write("\(name) \(server.hostKey)\n", to: "known")
        return ["UserKnownHostsFile \(file)"]
    }

    @Test("HostKeyAlias: the key is looked up under that name, and under no other")
    func hostKeyAlias() async throws {
        let key = ["IdentityFile \(server.key)"]
        let known = try knownAs("the-web-server")
        let without = try await run(known + key)
        #expect(try without.onlyTarget().error?.code == "HostKeyUnknown", "\(without)")
        let with = try await run(known + key + ["HostKeyAlias the-web-server"])
        #expect(with.ending == .exited(0), "\(with)")
        #expect(try with.onlyTarget().steps.first?.output == "in\n")
    }

    @Test("CertificateFile: a key that may log in by its certificate alone")
    func certificateFile() async throws {
        // Beside the key there is no certificate: only CertificateFile leads to it.
        let key = place.folder.path(of: "moved_key")
        try place.folder.write(try contents(of: server.certifiedKey), to: "moved_key", mode: 0o600)
        let base = try knownAs("[127.0.0.1]:\(server.port)") + ["IdentityFile \(key)", "IdentitiesOnly yes"]
        let without = try await run(base)
        #expect(without.ending == .exited(4), "\(without)")
        let with = try await run(base + ["CertificateFile \(server.certifiedKey)-cert.pub"])
        #expect(with.ending == .exited(0), "\(with)")
        #expect(try server.log().contains("ED25519-CERT"))
    }

    @Test("IdentitiesOnly: a key of the agent that no file names is not offered")
    func identitiesOnly() async throws {
        let base = try knownAs("[127.0.0.1]:\(server.port)") + ["IdentityFile \(server.strangerKey)"]
        let all = try await run(base, agent: server.key)
        #expect(all.ending == .exited(0), "\(all)")
        let only = try await run(base + ["IdentitiesOnly yes"], agent: server.key)
        #expect(only.ending == .exited(4), "\(only)")
        #expect(try only.onlyTarget().phase == "auth")
    }

    @Test("PreferredAuthentications: what is not among them is not tried")
    func preferredAuthentications() async throws {
        let base = try knownAs("[127.0.0.1]:\(server.port)") + ["IdentityFile \(server.key)"]
        let keys = try await run(base + ["PreferredAuthentications publickey"])
        #expect(keys.ending == .exited(0), "\(keys)")
        let passwords = try await run(base + ["PreferredAuthentications password,keyboard-interactive"])
        #expect(passwords.ending == .exited(4), "\(passwords)")
        #expect(try passwords.onlyTarget().phase == "auth")
    }

    @Test(
        "ServerAliveInterval: a server that falls silent in the middle of a line is given up, long before the session's own keepalive"
    )
    func serverAlive() async throws {
        let relay = try await SilentPeer(.relay(port: server.port, write: 22))
        let lines = [
            "IdentityFile \(server.key)", "StrictHostKeyChecking no", "UserKnownHostsFile /dev/null",
            "ServerAliveInterval 1", "ServerAliveCountMax 2",
        ]
        let outcome = try await run(lines, port: relay.port, line: "sleep 60")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "broken", "\(outcome)")
        #expect(target.steps.map(\.outcome) == ["unknown"], "\(outcome)")
        #expect(target.error?.message.contains("has not answered for") == true, "\(outcome)")
    }
}
