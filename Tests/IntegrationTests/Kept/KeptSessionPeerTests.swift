import Glibc
import PSRunTestSupport
import Testing

/// Kept sessions with programs that are not psrun: clients at their sockets, an sshd behind them.
struct KeptSessionPeerTests {
    @Test("pypsrp's client enters a kept session by its socket, and leaves it as it is")
    func pypsrp() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        _ = try await kept.run("x=5", in: ["-Name", "web"])
        let relay = [
            "process", Peers.python, "\(PackageRoot.path)/Tests/Peers/unix_stream.py", "\(kept.folder)/session.1",
        ]
        let first = try await PypsrpAnswer.run(
            #"[{"script": "echo $x; x=6; cd /tmp", "show": true}, {"script": "sleep 30", "stop_after": 1}]"#,
            arguments: relay
        )
        #expect(first.map(\.state) == ["Completed", "Stopped"], "\(first)")
        #expect(first.first?.shown == "5\n", "\(first)")
        let second = try await kept.run("echo $x; pwd", in: ["-Name", "web"])
        #expect(second.steps.first?.output == "6\n/tmp\n")
        let third = try await PypsrpAnswer.run(#"[{"script": "exit 4", "show": true}]"#, arguments: relay)
        #expect(third.first?.exitCode == 4, "\(third)")
        #expect(try await kept.run("echo $x", in: ["-Name", "web"]).steps.first?.output == "6\n")
    }

    @Test("A session on a host of an sshd's stays open, and one login serves all visits")
    func overSSH() async throws {
        let kept = try KeptPlace()
        let endpoint = try kept.place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
        let server = try await SSHServer(subsystems: ["powershell": endpoint])
        let target = "\(server.user)@127.0.0.1:\(server.port)"
        let opened = try await kept.place.psrun(
            ["session", "open", "web", "--host", target] + server.options(),
            environment: kept.environment
        )
        #expect(opened.ending == .exited(0), "\(opened)")
        #expect(try await kept.sessions().first?.target == target)
        for count in 1...3 {
            let visit = try await kept.run("echo $(( n = n + 1 ))", in: ["-Name", "web"])
            #expect(visit.steps.first?.output == "\(count)\n", "\(visit)")
        }
        let log = try server.log()
        #expect(log.split(separator: "\n").count { $0.contains("Accepted publickey") } == 1, "\(log)")
        #expect(try await kept.psrun("session", "close", "web").ending == .exited(0))
    }

    @Test("A run of one line sends its far side one piece with anything to run in it, and its prompt is true")
    func oneFlight() async throws {
        let kept = try KeptPlace()
        let log = kept.place.folder.path(of: "flights")
        let path = try kept.place.folder.searchPath(
            withPwsh: [Peers.python, "\(PackageRoot.path)/Tests/Peers/flights.py", log, BuiltProgram.path, "endpoint"]
        )
        let opened = try await kept.place.psrun(
            ["session", "open", "web"],
            environment: kept.environment.merging(["PATH": path]) { _, new in new }
        )
        #expect(opened.ending == .exited(0), "\(opened)")
        func pieces() throws -> [String] {
            try text(of: log).split(separator: "\n").filter { $0 != "0" }.map(String.init)
        }
        // The second question is asked while the opener is told.
        try await kept.until { try pieces().count == 2 }
        for (line, output) in [("cd /tmp; false", ""), ("echo $? $PWD", "1 /tmp\n"), ("cd /", "")] {
            let before = try pieces().count
            let visit = try await kept.run(line, in: ["-Name", "web"])
            #expect(visit.steps.first?.output == output, "\(visit)")
            #expect(visit.steps.first?.outcome == (line.hasSuffix("false") ? "error" : "ok"), "\(visit)")
            // The line, and the question behind it.
            #expect(try pieces().dropFirst(before) == ["2"])
        }
        let shown = try await kept.psrun("-c", "true", "-Name", "web")
        #expect(shown.output.contains("[session:web]: sh /"), "\(shown)")
    }

    @Test("A shell that is driven on a host with nothing installed stays open as well")
    func drivenShell() async throws {
        let kept = try KeptPlace()
        let server = try await SSHServer(subsystems: [:])
        let target = "\(server.user)@127.0.0.1:\(server.port)"
        let opened = try await kept.place.psrun(
            ["session", "open", "web", "--shell", "--host", target] + server.options(),
            environment: kept.environment
        )
        #expect(opened.ending == .exited(0), "\(opened)")
        _ = try await kept.run("x=5; cd /tmp", in: ["-Name", "web"])
        let visit = try await kept.run("echo $x; pwd", in: ["-Name", "web"])
        #expect(visit.steps.first?.output == "5\n/tmp\n", "\(visit)")
        // Such a shell ends with `exit`, and its session with it.
        let last = try await kept.run("exit 3", "echo later", in: ["-Name", "web"])
        #expect(last.exitCode == 3 && last.steps.map(\.outcome) == ["error", "not_sent"], "\(last)")
        #expect(last.error?.message.hasSuffix("line 1 ended the session with exit code 3") == true, "\(last)")
        try await kept.until { try await kept.sessions().first?.state == "broken" }
        let session = try #require(try await kept.sessions().first)
        #expect(session.reason?.contains("its shell has exited with status 3") == true, "\(session)")
        let list = try await kept.psrun("session", "list")
        #expect(list.output.contains("REASON") && list.output.contains("exited with status 3"), "\(list)")
        let late = try await kept.run("echo in", in: ["-Name", "web"])
        #expect(late.error?.message.contains("`psrun session close --id 1` forgets it; open it anew") == true)
        try await kept.until { kept.carriers().allSatisfy { isZombie($0) } }
    }

    @Test("A line in a kept session is unknown where its host goes, and the session says why it is broken")
    func hostGoes() async throws {
        let kept = try KeptPlace()
        let server = try await SSHServer(subsystems: [:])
        let target = "\(server.user)@127.0.0.1:\(server.port)"
        for options in [["--shell"], ["--exec", "\(BuiltProgram.path) endpoint"]] {
            let opened = try await kept.place.psrun(
                ["session", "open", "web", "--host", target] + options + server.options(),
                environment: kept.environment
            )
            #expect(opened.ending == .exited(0), "\(opened)")
            // The login's own sshd is the parent of the shell, or of what has it.
            let line =
                "p=$$; while [ $p -gt 1 ]; do read -r l </proc/$p/stat; set -- $l; case $2 in *sshd*) kill -9 $p; sleep 9;; esac; p=$4; done"
            let visit = try await kept.run("echo in", line, "echo later", in: ["-Name", "web"])
            #expect(visit.steps.map(\.outcome) == ["ok", "unknown", "not_sent"], "\(visit)")
            #expect(visit.error?.message.contains("was running") == true, "\(visit)")
            try await kept.until { try await kept.sessions().first?.state == "broken" }
            let session = try #require(try await kept.sessions().first)
            #expect(session.reason?.hasPrefix("its connection has ended: ") == true, "\(session)")
            _ = try await kept.psrun("session", "close", "--all")
        }
    }

    @Test("What is not a request of the control socket's is answered, and whoever asks nothing is put out")
    func controlSocket() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        let stream = "'\(Peers.python)' '\(PackageRoot.path)/Tests/Peers/unix_stream.py' '\(kept.folder)/broker'"
        func ask(_ text: String) async throws -> String {
            try await ChildProgram.run(["/bin/sh", "-c", "{ printf '\(text)'; sleep 8; } | \(stream)"]).output
        }
        for text in [#"what\n"#, #"\n"#, #"list\t1\n"#, #"close\tid\tx\n"#] {
            let answer = try await ask(text)
            #expect(answer == "failed\t2\tThat is not a request that the broker knows.\n", "\(text): \(answer)")
        }
        let unasked = try await ask(#"answer\tx\n"#)
        #expect(unasked.hasPrefix("failed\t2\tNothing was asked that"), "\(unasked)")
        for text in ["", #"word\tx\n"#] {
            let silent = try await ask(text)
            #expect(silent == "failed\t1\tNothing was asked within 5 s.\n", "\(silent)")
        }
        #expect(try await ask(#"list\n"#).hasSuffix("\ndone\n"))
    }

    private func isZombie(_ process: pid_t) -> Bool {
        (try? text(of: "/proc/\(process)/stat"))?.contains(") Z ") ?? true
    }

    @Test("A host that cannot be reached is told with its phase, and leaves no session")
    func unreachable() async throws {
        let kept = try KeptPlace()
        let port = try SSHServer.freePort()
        let outcome = try await kept.psrun(
            "session",
            "open",
            "web",
            "--host",
            "127.0.0.1:\(port)",
            "--ssh-config",
            "none"
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("127.0.0.1:\(port): in phase tcp: "), "\(outcome)")
        #expect(try await kept.sessions().isEmpty)
        let wrong = try await kept.psrun("session", "open", "web", "--host", "a,b")
        #expect(wrong.ending == .exited(2) && wrong.errors.contains("has one target, and 2 are selected"), "\(wrong)")
    }

    @Test("A connection that is lost leaves a session that says it is broken, until it is closed")
    func broken() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        for process in kept.carriers() { kill(process, SIGKILL) }
        try await kept.until { try await kept.sessions().first?.state == "broken" }
        let visit = try await kept.run("echo in", in: ["-Name", "web"])
        #expect(visit.phase == "session" && visit.error?.code == "KeptSessionUnusable")
        #expect(visit.error?.message.contains("the kept session web is broken: its connection has ended") == true)
        #expect(visit.error?.message.contains("`psrun session close --id 1`") == true)
        #expect(try await kept.psrun("session", "close", "--id", "1").ending == .exited(0))
        #expect(try await kept.sessions().isEmpty)
    }

    @Test("A password is asked for at the opener's terminal, and stands nowhere")
    func password() async throws {
        let kept = try KeptPlace()
        let keys = try await SSHServer(subsystems: [:])
        let server = try await PasswordServer(
            "password",
            "opensesame",
            hostKey: keys.folder.path(of: "host_key"),
            in: kept.place.folder
        )
        let dialog = try await TerminalDialog(
            kept.place,
            ["session", "open", "web"] + server.arguments,
            environment: kept.environment,
            [.init("password: ", "opensesame\r")]
        )
        #expect(dialog.outcome.output.contains("password:"), "\(dialog.outcome)")
        #expect(try await kept.sessions().map(\.state) == ["available"], "\(dialog.outcome) \(dialog.errors)")
        for process in kept.brokers() {
            #expect(try !text(of: "/proc/\(process)/cmdline").contains("opensesame"))
        }
    }
}
