import Foundation
import PSRunTestSupport
import Testing

/// The whole program with configuration files.
struct ConfigurationTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        for name in ["home/.config", "home/.config/psrun"] { try place.folder.makeFolder(name) }
    }

    private func configure(_ text: String) throws {
        try place.folder.write(text, to: "home/.config/psrun/config.yaml")
    }

    private func passwordServer(_ mode: String, _ password: String) async throws -> (PasswordServer, port: String) {
        let folder = place.folder
        let key = folder.path(of: "\(password).key")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        guard made.ending == .exited(0) else { throw TestSupportError("\(made)") }
        // Each writes down its port in the same file.
        try? FileManager.default.removeItem(atPath: folder.path(of: "port"))
        let server = try await PasswordServer(mode, password, hostKey: key, in: folder)
        return (server, String(server.target.split(separator: ":").last ?? ""))
    }

    @Test("Each host gets the password that its group has: of a file, a command, systemd; and none is recorded")
    func passwordsByHost() async throws {
        let (one, two) = (
            try await passwordServer("password", "secret-one"),
            try await passwordServer("password", "secret-two-op-web02")
        )
        let three = try await passwordServer("password", "secret-three")
        try place.folder.write("secret-one\n", to: "home/.config/psrun/one", mode: 0o600)
        let credentials = try place.folder.makeFolder("credentials")
        try place.folder.write("secret-three", to: "credentials/third", mode: 0o400)
        try place.folder.write("secret-wrong", to: "credentials/psrun.password", mode: 0o400)
        try configure(
            """
            ssh-config: none
            host-key-check: no
            format: json
            option: {HostName: 127.0.0.1, UserKnownHostsFile: /dev/null}
            user: op
            hosts:
              'web0[1,9]': {port: \(one.port), password-file: one}
              web02: {port: \(two.port), password-command: 'echo secret-two-$PSRUN_TARGET_USER-$PSRUN_TARGET_HOST'}
              '@third': {port: \(three.port), password-credential: third}

            """
        )
        let inventory = try place.folder.write("[others]\nweb01\nweb02\n[third]\nweb03\n", to: "fleet.ini")
        let outcome = try await place.psrun(
            ["-c", "true", "-i", inventory],
            environment: ["CREDENTIALS_DIRECTORY": credentials]
        )
        let report = try outcome.report()
        #expect(report.targets.map(\.target) == ["web01", "web02", "web03"], "\(outcome)")
        #expect(report.targets.allSatisfy { $0.outcome == "ok" }, "\(outcome)")
        let name = try #require(report.recording)
        let archive = try contents(of: "\(name)/run.tar.zst")
        let text = try await ChildProgram.run(
            ["/bin/sh", "-c", "zstd -dc '\(name)/run.tar.zst'"],
            environment: place.environment()
        )
        #expect(!archive.isEmpty && text.output.contains("web01"))
        #expect(!text.output.contains("secret-"), "\(name)")
        withExtendedLifetime((one, two, three)) {}
    }

    @Test("A host's key, port and jump host come from its group, the jump host's from its own")
    func jump() async throws {
        let endpoint = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        let bastion = try await SSHServer(subsystems: [:], settings: ["AllowTcpForwarding yes"])
        let inner = try await SSHServer(subsystems: ["powershell": endpoint, "other": endpoint])
        let known = try place.folder.write(
            try text(of: bastion.knownHosts) + text(of: inner.knownHosts),
            to: "known_hosts"
        )
        let files = "UserKnownHostsFile: \(known), GlobalKnownHostsFile: /dev/null"
        try configure(
            """
            ssh-config: none
            option: {\(files)}
            hosts:
              inner: &inner
                user: \(inner.user)
                port: \(inner.port)
                key-file: \(inner.key)
                option: {HostName: 127.0.0.1, \(files)}
              bastion:
                user: \(bastion.user)
                port: \(bastion.port)
                key-file: \(bastion.key)
                option: {HostKeyAlias: x, \(files)}
              127.0.0.1: {user: \(bastion.user), port: \(bastion.port), key-file: \(bastion.key)}
              behind:
                <<: *inner
                jump: 127.0.0.1
                subsystem: other

            """
        )
        let playbook = try place.playbook("echo in\n", named: "in.sh")
        let outcome = try await place.psrun([playbook, "--host", "inner,behind", "--format", "json"])
        let report = try outcome.report()
        // One machine under two names would be one session, but one of them is behind a jump host.
        #expect(report.targets.map(\.outcome) == ["ok", "ok"], "\(outcome)")
        #expect(try bastion.log().contains("Accepted publickey"))
        #expect(report.targets.allSatisfy { $0.steps.first?.output == "in\n" })
    }

    @Test("Clocks and what ends a run hold by host; the command line goes before the group")
    func sessionsByHost() async throws {
        let server = try await SSHServer(subsystems: [
            "powershell": try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        ])
        let options = server.options()
        try configure(
            """
            ssh-config: none
            format: json
            key-file: \(server.key)
            option: {HostName: 127.0.0.1, Port: \(server.port), User: \(server.user), UserKnownHostsFile: \(server.knownHosts)}
            hosts:
              slow: {step-timeout: 300ms, grace: 1s}
              strict: {error-action: Stop, any-shell: yes}

            """
        )
        let playbook = try place.playbook("false\nsleep 2\necho end\n", named: "steps.sh")
        let outcome = try await place.psrun([playbook, "--host", "slow,strict,plain"])
        let targets = try outcome.report().targets
        #expect(targets.map(\.target) == ["slow", "strict", "plain"])
        #expect(targets.map(\.outcome) == ["timed_out", "error", "error"], "\(outcome)")
        let strict = try await place.psrun([playbook, "--host", "strict"]).report()
        #expect(strict.targets.first?.steps.map(\.outcome) == ["error", "not_sent", "not_sent"])
        let given = try await place.psrun([playbook, "--host", "strict", "--error-action", "Continue"]).report()
        #expect(given.targets.first?.steps.map(\.outcome) == ["error", "ok", "ok"])
        withExtendedLifetime(options) {}
    }

    @Test("What an option from a file does wrong is told with the file and the line, and nothing is connected to")
    func told() async throws {
        try configure("password-file: secret\nkey-file: k\n")
        try place.folder.write("s\n", to: "home/.config/psrun/secret", mode: 0o644)
        let outcome = try await place.psrun(["-c", "true", "--host", "web01"])
        #expect(outcome.ending == .exited(2))
        #expect(
            outcome.errors.contains("--password-file \(place.home)/.config/psrun/secret cannot be used"),
            "\(outcome)"
        )
        #expect(outcome.errors.contains("(--password-file is set by \(place.home)/.config/psrun/config.yaml:1:1.)"))
        try configure("fanuot: 3\n")
        for verb in [["-c", "true"], ["list"], ["targets", "--host", "a"], ["config", "show"]] {
            let outcome = try await place.psrun(verb)
            #expect(outcome.ending == .exited(2), "\(outcome)")
            #expect(outcome.errors.contains("config.yaml:1:1: there is no setting 'fanuot'. Did you mean fanout?"))
        }
        for verb in [["help"], ["config", "keys"], ["version"]] {
            #expect(try await place.psrun(verb).ending == .exited(0))
        }
    }

    @Test("config show tells every value with its origin, in text and JSON, for all and for a host with its groups")
    func show() async throws {
        try configure("fanout: 5\nhosts:\n  '@web':\n    user: deploy\n  db*: {port: 2222}\n")
        let inventory = try place.folder.write("[web]\nweb01\n", to: "fleet.ini")
        let file = "\(place.home)/.config/psrun/config.yaml"
        let all = try await place.psrun(
            ["config", "show"],
            environment: ["PSRUN_FORMAT": "jsonl", "PSRUN_FORMT": "x"]
        )
        #expect(all.ending == .exited(0))
        for line in [
            "fanout: 5 ", "\(file):1:1", "format: jsonl ", "PSRUN_FORMAT", "hosts '@web': ", "\(file):3:3",
            "\(file):4:5",
        ] {
            #expect(all.output.contains(line), "\(all)")
        }
        #expect(all.output.contains("# PSRUN_FORMT is not a variable of psrun's, and is not read"))
        let one = try await place.psrun(["config", "show", "--host", "web01", "-i", inventory, "--format", "json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(one.standardOutput)) as? [String: Any])
        let settings = try #require(json["settings"] as? [[String: Any]])
        let user = try #require(settings.first { $0["key"] as? String == "user" })
        #expect(user["values"] as? [String] == ["deploy"])
        #expect(user["path"] as? String == file && user["line"] as? Int == 4 && user["column"] as? Int == 5)
        #expect(user["hosts"] as? String == "@web" && user["layer"] as? String == "user")
        #expect(json["groups"] as? [String] == ["web"])
        #expect(!settings.contains { $0["key"] as? String == "port" })
        let stranger = try await place.psrun(["config", "show", "--host", "db1", "-i", inventory])
        #expect(stranger.ending == .exited(2) && stranger.errors.contains("db1 is not in -i"))
    }

    @Test("A configured recordings folder is the verbs' folder too, and variables that are nearly one are told")
    func recordings() async throws {
        try configure("recordings: own\n")
        let environment = ["PSRUN_RECORDINGS": "", "PSRUN_FANUOT": "3"]
        let run = try await place.psrun(["-c", "echo a", "--any-shell"], environment: environment)
        #expect(run.ending == .exited(0), "\(run)")
        #expect(run.errors.contains("psrun: PSRUN_FANUOT is not a variable of psrun's; did you mean PSRUN_FANOUT?\n"))
        let list = try await place.psrun(["list"], environment: environment)
        #expect(list.errors.contains("Recordings in \(place.home)/.config/psrun/own:"), "\(list)")
        #expect(list.output.contains("command"))
    }
}
