import Glibc
import PSRunTestSupport
import Testing

/// How a run by the clock ends before its time, and who is kept out while it goes on.
struct NightEndTests {
    private let place: Workplace
    private let begun: String
    private let playbook: String

    init() throws {
        place = try Workplace()
        begun = place.folder.path(of: "begun")
        playbook = try place.playbook(
            "echo here\necho $$ >'\(begun)'\nwhile test -e '\(begun)'; do sleep 0.05; done\n",
            named: "long.sh"
        )
    }

    /// A run in the midst of its third line.
    private func running(_ options: [String] = []) async throws -> ChildProgram {
        let program = try place.start(["--cron", playbook] + options)
        for _ in 0..<2_000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        return program
    }

    @Test(
        "A signal stops the line, seals the recording, ends with its exit code, and is reported",
        arguments: [SIGTERM, SIGHUP]
    )
    func signals(_ number: Int32) async throws {
        let program = try await running()
        program.signal(number)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(128 + number), "\(outcome)")
        #expect(outcome.errors == "", "\(outcome)")
        let name = number == SIGTERM ? "SIGTERM" : "SIGHUP"
        #expect(
            outcome.output.contains("1 of 1 target not well, exit code \(128 + number), ended by \(name)\n"),
            "\(outcome)"
        )
        #expect(outcome.output.split(separator: "\n").count <= 40)
        let verify = try await place.psrun(["verify", "last"])
        #expect(verify.ending == .exited(0), "\(verify)")
    }

    @Test("A second run ends with 75 and names the first one's process and since when, and neither waits")
    func held() async throws {
        let program = try await running()
        let second = try await place.psrun(["--cron", playbook])
        #expect(second.ending == .exited(75), "\(second)")
        let said = second.output + second.errors
        #expect(said.split(separator: "\n").count == 1, "\(second)")
        #expect(said.contains("process \(program.processID), since 20") && said.contains(" s ago)"), "\(second)")
        unlink(begun)
        let first = try await program.outcome(within: 20)
        #expect(first.ending == .exited(0) && first.output + first.errors == "", "\(first)")
    }

    @Test("A run of cron's, without XDG_RUNTIME_DIR, is kept out by a service that has one, and other targets are not")
    func heldElsewhere() async throws {
        let program = try place.start(
            ["--cron", playbook],
            environment: ["XDG_RUNTIME_DIR": try place.folder.makeFolder("run")]
        )
        for _ in 0..<2_000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await place.psrun(["--cron", playbook]).ending == .exited(75))
        let other = try await place.psrun(["--cron", playbook, "--host", "127.0.0.1:1"])
        #expect(other.ending == .exited(4), "\(other)")
        unlink(begun)
        #expect(try await program.outcome(within: 20).ending == .exited(0))
    }

    @Test("A crash frees the lock")
    func crash() async throws {
        let program = try await running()
        program.signal(SIGKILL)
        _ = try await program.outcome(within: 20)
        unlink(begun)
        let short = try place.psrunLock()
        #expect(short.count == 1, "\(short)")
        try place.folder.write("", to: "begun")
        unlink(begun)
        let next = try place.start(["--cron", playbook])
        for _ in 0..<2_000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        unlink(begun)
        let outcome = try await next.outcome(within: 20)
        #expect(outcome.ending == .exited(0), "\(outcome)")
    }

    @Test(
        "No program that a run started and that outlives it holds the lock: of the far side, a password's or a proxy's"
    )
    func outliving() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        // Whoever started it goes on once it is out of the group that ends with the run.
        func child(_ name: String) -> String {
            let file = place.folder.path(of: name)
            let asleep = "echo $$ >\(file).part; mv \(file).part \(file); exec sleep 100"
            return "setsid -f sh -c '\(asleep)' >/dev/null 2>&1 </dev/null; until [ -e \(file) ]; do sleep 0.01; done"
        }
        let proxy = try place.folder.write(
            """
            #!/bin/sh
            \(child("proxy"))
            exec /usr/bin/ssh -F none -i \(server.key) -o UserKnownHostsFile=\(server.knownHosts) -W "$1" -p \(server.port) \
                \(server.user)@127.0.0.1

            """,
            to: "proxy.sh",
            mode: 0o755
        )
        let ssh = ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        let short = try place.playbook("echo short\n", named: "short.sh")
        let peer = try await PasswordServer(
            "password",
            "secret",
            hostKey: server.folder.path(of: "host_key"),
            in: place.folder
        )
        let cases: [(String, [String])] = [
            ("far", [try place.playbook("\(child("far"))\n", named: "far.sh")]),
            ("proxy", [short, "-Options", "ProxyCommand='\(proxy)' %h:%p"] + ssh),
            ("password", [short, "--password-command", "\(child("password")); echo secret"] + peer.arguments),
        ]
        for (name, arguments) in cases {
            let first = try await place.psrun(["--cron"] + arguments)
            let file = place.folder.path(of: name)
            let process = try #require(Int32(try text(of: file).dropLast()), "\(name): \(first)")
            defer { kill(process, SIGKILL) }
            #expect(kill(process, 0) == 0, "\(name) was to outlive the run")
            let second = try await place.psrun(["--cron"] + arguments)
            #expect(second.ending != .exited(75), "\(name): \(second)")
        }
    }
}

extension Workplace {
    /// The locks in its state folder.
    fileprivate func psrunLock() throws -> [String] { try FolderListing.names(in: "\(home)/.local/state/psrun/locks") }
}
