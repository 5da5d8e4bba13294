import PSRunTestSupport
import Testing

/// Logins of the whole program beside those of `ssh`, with the same files.
struct SSHAsSSHTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func server(_ subsystem: [String], settings: [String] = []) async throws -> SSHServer {
        try await SSHServer(subsystems: ["powershell": try place.folder.wrapper(for: subsystem)], settings: settings)
    }

    private var endpoint: [String] { [BuiltProgram.path, "endpoint"] }

    private func run(_ arguments: [String], _ line: String = "echo in") async throws -> ProgramOutcome {
        try await place.psrun([try place.playbook("\(line)\n"), "--any-shell"] + arguments)
    }

    /// Whether ssh logs in by that file, and what it says where it does not.
    private func ssh(_ config: String, _ host: String) async throws -> ProgramOutcome {
        try await ChildProgram.run(
            ["/usr/bin/ssh", "-F", config, "-o", "BatchMode=yes", host, "true"],
            environment: place.environment()
        )
    }

    @Test(
        "What stands before the first element without a line end is noise",
        arguments: ["Loading...", "\u{1B}]0;a title\u{7}"]
    )
    func noise(text: String) async throws {
        let start = try place.folder.write(
            "printf '%s' '\(text)'\nexec \(endpoint.joined(separator: " "))\n",
            to: "start"
        )
        let server = try await server(["/bin/sh", start])
        let outcome = try await run(
            ["--format", "json", "--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.first?.output == "in\n")
    }

    @Test("A key that PubkeyAcceptedAlgorithms leaves out is told as that, and not as refused by the server")
    func excludedKey() async throws {
        let server = try await server(endpoint)
        let host = ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        let outcome = try await run(host + ["-Options", "PubkeyAcceptedAlgorithms=rsa-sha2-512"])
        #expect(outcome.ending == .exited(4), "\(outcome)")
        for words in ["no key was offered", "PubkeyAcceptedAlgorithms", "\(server.key) (ssh-ed25519)"] {
            #expect(outcome.errors.contains(words), "\(outcome)")
        }
        #expect(!outcome.errors.contains("was refused"), "\(outcome)")
        let taken = try await run(host + ["-Options", "PubkeyAcceptedAlgorithms=ssh-ed25519"])
        #expect(taken.ending == .exited(0), "\(taken)")
    }

    @Test("Patterns, commands, variables and a second reading lead where they lead ssh")
    func sameFile() async throws {
        let server = try await server(endpoint, settings: ["AcceptEnv SET_HERE"])
        let nc = try place.folder.write(
            "import socket,sys,threading,os\ns=socket.create_connection((sys.argv[2],int(sys.argv[3])))\n"
                + "def up():\n    while d:=os.read(0,65536): s.sendall(d)\n    s.shutdown(1)\n"
                + "threading.Thread(target=up,daemon=True).start()\n"
                + "assert sys.argv[1]=='two  words'\nwhile d:=s.recv(65536): os.write(1,d)\n",
            to: "carry.py"
        )
        let common = """
            Match final host 127.0.0.1
                User \(server.user)
            Host *
                Port \(server.port)
                HostName 127.0.0.1
                UserKnownHostsFile \(server.knownHosts)
                GlobalKnownHostsFile /dev/null
                IdentityFile ${PSRUN_TEST_KEYS}/key
                SetEnv SET_HERE=there
                ProxyCommand sh -c "exec \(Peers.command("x")[0]) '\(nc)' 'two  words' %h %p"

            """
        let text = "Host WEB01\n    Compression yes\nHost web01\n    HostName no-such-host.invalid\n" + common
        let config = try place.folder.write(text, to: "config", mode: 0o600)
        let keys = ["PSRUN_TEST_KEYS": server.folder.path]
        let environment = place.environment(adding: keys)
        for (host, works) in [("WEB01", true), ("web02", true)] {
            let peer = try await ChildProgram.run(
                ["/usr/bin/ssh", "-F", config, "-o", "BatchMode=yes", host, "printenv SET_HERE"],
                environment: environment
            )
            #expect((peer.ending == .exited(0)) == works, "\(peer)")
            #expect(peer.output == "there\n")
            let playbook = try place.playbook("printenv SET_HERE\n")
            let outcome = try await place.psrun(
                [playbook, "--any-shell", "--format", "json", "--host", host, "--ssh-config", config],
                environment: keys
            )
            #expect((outcome.ending == .exited(0)) == works, "\(outcome)")
            #expect(try outcome.onlyTarget().steps.first?.output == "there\n", "\(outcome)")
        }
    }

    @Test("Which key is asked for goes by psrun's order and ssh's, not by the file's")
    func keyOrder() async throws {
        let server = try await server(endpoint)
        let rsa = place.folder.path(of: "rsa")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", rsa])
        #expect(made.ending == .exited(0))
        let stale = try text(of: "\(rsa).pub").split(separator: " ").prefix(2).joined(separator: " ")
        let name = "[127.0.0.1]:\(server.port)"
        let good = "\(name) \(server.hostKey)\n"
        let files = [
            "\(name) \(stale)\n" + good, "@revoked \(name) \(stale)\n" + good,
            "\(name) 1024 35 12345678901234567890\n" + good,
            "\(name) ssh-ed25519 AAAAjunk\n" + good, "junk\n\(name)\n" + good,
        ]
        for (index, text) in files.enumerated() {
            let known = try place.folder.write(text, to: "known\(index)")
            let lines = [
                "Host web", "HostName 127.0.0.1", "Port \(server.port)", "User \(server.user)",
                "IdentityFile \(server.key)",
                "UserKnownHostsFile \(known)", "GlobalKnownHostsFile /dev/null",
            ]
            let config = try place.folder.write(lines.joined(separator: "\n") + "\n", to: "config\(index)")
            #expect(try await ssh(config, "web").ending == .exited(0))
            let outcome = try await run(["--host", "web", "--ssh-config", config])
            #expect(outcome.ending == .exited(0), "\(text)\(outcome)")
        }
    }

    @Test("The banner of a login is recorded, and shown with -v")
    func banner() async throws {
        let text = try place.folder.write("Welcome to web01\nYou are watched.\n", to: "issue")
        let server = try await server(endpoint, settings: ["Banner \(text)"])
        let host = ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        let quiet = try await run(host)
        #expect(quiet.ending == .exited(0) && !quiet.errors.contains("Welcome"), "\(quiet)")
        let verbose = try await run(host + ["-v"])
        #expect(verbose.errors.contains(": banner: Welcome to web01\n"), "\(verbose)")
        #expect(verbose.errors.contains(": banner: You are watched.\n"))
        let recorded = try await place.psrun(["export", "last", "--as", "jsonl"])
        #expect(recorded.output.contains("banner: Welcome to web01"), "\(recorded)")
        // Whoever is not let in sees it as well.
        let refused = try await run(
            ["--host", "\(server.user)@127.0.0.1:\(server.port)", "-v"] + server.options(key: server.strangerKey)
        )
        #expect(refused.ending == .exited(4) && refused.errors.contains(": banner: Welcome"), "\(refused)")
    }

    @Test("A goodbye in one piece with the banner, and a line in place of one, are the server's reason")
    func goodbyes() async throws {
        for (way, phase, reason) in [
            (SilentPeer.Way.goodbye, "kex", "too many connections"), (.refusal, "banner", "Exceeded MaxStartups"),
        ] {
            let peer = try await SilentPeer(way)
            let outcome = try await run([
                "--format", "json", "--host", "127.0.0.1:\(peer.port)", "--ssh-config", "none",
            ])
            let target = try outcome.onlyTarget()
            #expect(
                target.phase == phase && target.error?.message.contains("the server said: \(reason)") == true,
                "\(target)"
            )
        }
    }

    @Test("So little time that it was not meant is said to be little, and nothing is said about the server")
    func littleTime() async throws {
        let peer = try await SilentPeer(.silent)
        let outcome = try await run(
            [
                "--format", "json", "--host", "127.0.0.1:\(peer.port)", "-ConnectingTimeout", "50", "--ssh-config",
                "none",
            ]
        )
        let message = try outcome.onlyTarget().error?.message ?? ""
        #expect(message.contains("in phase banner: 50 ms of -ConnectingTimeout ran out"), "\(message)")
        #expect(message.contains("did you mean 50 s?") && !message.contains("no SSH server speaks there"))
    }

    // MARK: Before anything connects

    @Test("Mistakes on this side are found before anything connects, by --dry-run too", arguments: [[], ["-n"]])
    func localMistakes(dry: [String]) async throws {
        let server = try await server(endpoint)
        let bad = try place.folder.write("Host *\nServerAliveInterval often\n", to: "bad")
        let host = ["--host", "127.0.0.1:\(server.port)", "--host", "localhost:\(server.port)"]
        let cases: [(arguments: [String], word: String)] = [
            (["--key-file", "/no/such/key"], "/no/such/key"),
            (["--key-file=~no-such-user/key"], "there is no such file"),
            (["--key-file", "\(server.key).pub"], "this is a public key"),
            (["--key-file", server.lockedKey], "--passphrase-file"),
            (["--key-file", server.key, "-Options", "Ciphers=no-such-cipher"], "Ciphers"),
            (["--key-file", server.key, "--ssh-config", bad], "often is not a valid value"),
        ]
        for (arguments, word) in cases {
            let outcome = try await run(host + arguments + dry)
            #expect(outcome.ending == .exited(2), "\(outcome)")
            #expect(outcome.errors.contains(word) && outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        }
        // The server's own start took one.
        #expect(try server.log().matches(of: /Connection from/).count <= 1)
        #expect(try place.runCount == 0)
    }

    @Test("A list of hosts with a byte order mark, in UTF-16, or with comments behind hosts is read")
    func hostLists() async throws {
        let text = "web01 # the first\r\nweb02\r\n"
        let wide: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        for bytes in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), wide] {
            let list = try place.folder.write(bytes, to: "hosts")
            let outcome = try await run(["-n", "--host", "@\(list)"])
            #expect(outcome.ending == .exited(0) && outcome.output.hasPrefix("web01\nweb02\n"), "\(outcome)")
        }
    }
}

extension Workplace {
    fileprivate var runCount: Int {
        get throws { try FolderListing.runs(in: recordings).count }
    }
}
