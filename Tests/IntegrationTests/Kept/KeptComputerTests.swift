import Files
import Glibc
import PSRunTestSupport
import Testing

/// Kept sessions on computers that are entered over WinRM, at a WSMan server that is not psrun's.
struct KeptComputerTests {
    /// Of a reason: which of what was under way notices first that the server is gone, and what it was doing, is not told here.
    private static let lead = "at localhost: "
    private static let user = #"DOMAIN\"# + WSManServer.user

    @Test("A session over WinRM stays open: one login serves all visits, and the server hears of its end")
    func computer() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let kept = try KeptPlace()
        let password = try kept.place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        let login = ["-Credential", Self.user, "--password-file", password]
        let uri = "http://localhost:\(server.port)/wsman?id=kept"
        for way in [["-ComputerName", "localhost", "-Port", "\(server.port)"], ["-ConnectionUri", uri]] {
            let opened = try await kept.place.psrun(
                ["session", "open", "win"] + way + login,
                environment: kept.environment
            )
            #expect(opened.ending == .exited(0) && opened.output.contains("available"), "\(opened)")
            _ = try await kept.run("x=5; cd /tmp", in: ["-Name", "win"])
            let second = try await kept.run("echo $x $PWD", "exit 3", in: ["-Name", "win"])
            #expect(second.steps.first?.output == "5 /tmp\n" && second.exitCode == 3, "\(second)")
            #expect(second.phasesUs["session"] != nil && (second.phasesUs["tcp"] ?? nil) == nil, "\(second)")
            #expect(try await kept.sessions().map(\.state) == ["available"])
            #expect(try await kept.psrun("session", "close", "win").ending == .exited(0))
            #expect(try await kept.sessions().isEmpty)
        }
        let operations = try server.log(of: "kept").filter { $0.what == "done" }.compactMap(\.operation)
        #expect(operations.count { $0 == "Create" } == 1 && operations.last == "Delete", "\(operations)")
        #expect(try server.log(of: "kept").allSatisfy { !$0.what.hasPrefix("breach") })
    }

    @Test("A computer that cannot be entered is told with its phase, and leaves no session")
    func refused() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let kept = try KeptPlace()
        let password = try kept.place.folder.write("wrong\n", to: "password", mode: 0o600)
        let opened = try await kept.psrun(
            "session",
            "open",
            "win",
            "-ComputerName",
            "localhost",
            "-Port",
            "\(server.port)",
            "-Credential",
            Self.user,
            "--password-file",
            password
        )
        #expect(opened.ending == .exited(4) && opened.errors.contains("localhost: in phase auth: "), "\(opened)")
        #expect(!opened.errors.contains("wrong\n"), "\(opened)")
        #expect(try await kept.sessions().isEmpty)
    }

    @Test("A server that is silent, or refuses, when the shell is asked for is told in that phase, as a run does")
    func notCreated() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        for (plan, words) in [
            ("strike=Create:1:read:silent", "ran out while waiting for the server"),
            ("configuration=Other", "no such session configuration"),
        ] {
            let kept = try KeptPlace()
            let password = try kept.place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
            let uri = "http://localhost:\(server.port)/wsman?id=\(words.count)&\(plan)"
            let opened = try await kept.place.psrun(
                [
                    "session", "open", "win", "-ConnectionUri", uri, "-Credential", Self.user, "--password-file",
                    password,
                    "--connecting-timeout", "4s",
                ],
                environment: kept.environment
            )
            #expect(opened.ending == .exited(4) && opened.errors.contains("in phase create: "), "\(opened)")
            #expect(opened.errors.contains(words), "\(opened)")
            #expect(try await kept.sessions().isEmpty)
        }
    }

    /// A session in a server's shell.
    private func opened(at server: WSManServer, _ plan: String = "", adding more: [String] = []) async throws
        -> KeptPlace
    {
        let kept = try KeptPlace()
        let password = try kept.place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        let scheme = server.isTLS ? "https" : "http"
        let outcome = try await kept.place.psrun(
            [
                "session", "open", "win", "-ConnectionUri", "\(scheme)://localhost:\(server.port)/wsman?id=kept\(plan)",
                "-Credential", Self.user, "--password-file", password,
            ] + more,
            environment: kept.environment
        )
        try #require(outcome.ending == .exited(0), "\(outcome)")
        return kept
    }

    /// It is broken, says why, and can be closed.
    private func expectBroken(_ kept: KeptPlace, saying words: String) async throws {
        let session = try #require(try await kept.sessions().first)
        #expect(session.state == "broken" && session.reason?.contains(words) == true, "\(session)")
        #expect(try await kept.psrun("session", "close", "win").ending == .exited(0))
        #expect(try await kept.sessions().isEmpty)
    }

    @Test(
        "A line whose request was lost is unknown, and its session broken, with the reason",
        arguments: ["read", "done"]
    )
    func requestLost(_ point: String) async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let kept = try await opened(at: server, "&strike=Command:4:\(point):reset")
        var visit = try await kept.run("echo in", in: ["-Name", "win"])
        for _ in 0..<4 where visit.outcome == "ok" { visit = try await kept.run("echo in", in: ["-Name", "win"]) }
        #expect(visit.steps.map(\.outcome) == ["unknown"], "\(visit)")
        #expect(visit.error?.message.contains("broke when line 1 was running") == true, "\(visit)")
        #expect(visit.error?.message.contains("the connection broke before the answer") == true, "\(visit)")
        try await expectBroken(kept, saying: "the connection broke before the answer")
    }

    @Test("A lost answer is had again, or breaks the session with the reason")
    func answerLost() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let kept = try await opened(at: server, "&strike=ReceiveCommand:4:head:close")
        for number in 0..<5 {
            let visit = try await kept.run("echo \(number)", in: ["-Name", "win"])
            guard visit.outcome != "ok" else {
                #expect(visit.steps.map(\.output) == ["\(number)\n"], "\(visit)")
                continue
            }
            #expect(visit.steps.allSatisfy { ["unknown", "not_sent"].contains($0.outcome) }, "\(visit)")
            return try await expectBroken(kept, saying: "part of the output was lost")
        }
        #expect(try await kept.sessions().map(\.state) == ["available"])
    }

    @Test(
        "A server that goes in the middle of a line leaves it unknown, and a broken session",
        arguments: [false, true]
    )
    func serverGoesInLine(isTLS: Bool) async throws {
        var server: WSManServer? = try await WSManServer(schemes: "negotiate", isTLS: isTLS)
        let certificate = try #require(server?.certificate)
        let kept = try await opened(at: try #require(server), adding: isTLS ? ["--ca-file", certificate] : [])
        let mark = kept.place.folder.path(of: "runs")
        let visitor = try kept.start("-c", "echo in > \(mark); sleep 50", "-Name", "win", "--format", "json")
        try await kept.until { (try? text(of: mark)) == "in\n" }
        server = nil
        let visit = try await visitor.outcome(within: 45).onlyTarget()
        #expect(visit.steps.map(\.outcome) == ["unknown"], "\(visit)")
        #expect(visit.error?.message.contains(Self.lead) == true, "\(visit)")
        try await expectBroken(kept, saying: Self.lead)
    }

    @Test("A server that goes between two visits leaves no line that seems well, and a broken session")
    func serverGoes() async throws {
        var server: WSManServer? = try await WSManServer(schemes: "negotiate")
        let kept = try await opened(at: try #require(server))
        #expect(try await kept.run("echo in", in: ["-Name", "win"]).outcome == "ok")
        server = nil
        let words = ["-c", "echo in", "-Name", "win", "--format", "json"]
        let lost = try await kept.place.psrun(words, environment: kept.environment, within: 45).onlyTarget()
        #expect(lost.outcome != "ok", "\(lost)")
        #expect(lost.steps.allSatisfy { ["unknown", "not_sent"].contains($0.outcome) }, "\(lost)")
        #expect(lost.error?.message.contains(Self.lead) == true, "\(lost)")
        try await expectBroken(kept, saying: Self.lead)
    }

    @Test("A server that goes while nobody is in is noticed, and the next visit sends nothing")
    func serverGoesUnseen() async throws {
        var server: WSManServer? = try await WSManServer(schemes: "negotiate")
        let kept = try await opened(at: try #require(server))
        server = nil
        // The carrier looks for it for some time.
        var tries = 0
        while try await kept.sessions().first?.state != "broken", tries < 90 {
            tries += 1
            try await Task.sleep(for: .milliseconds(500))
        }
        try await expectUnsent(kept, saying: Self.lead)
    }

    @Test("A far shell that is killed while nobody is in is noticed, and the next visit sends nothing")
    func shellGoes() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let kept = try await opened(at: server)
        let told = try await kept.run("awk '/^PPid/ { print $2 }' /proc/$PPID/status", in: ["-Name", "win"])
        let shell = try #require(told.steps.first?.output.flatMap { pid_t($0.dropLast()) })
        try #require(try text(of: "/proc/\(shell)/cmdline").contains("endpoint"))
        kill(shell, SIGKILL)
        try await kept.until { try await kept.sessions().first?.state == "broken" }
        try await expectUnsent(kept, saying: Self.lead)
    }

    private func expectUnsent(_ kept: KeptPlace, saying words: String) async throws {
        let visit = try await kept.run("echo in", in: ["-Name", "win"])
        #expect(visit.outcome == "unreachable" && visit.linesNotSent == 1, "\(visit)")
        #expect(visit.error?.message.contains(words) == true, "\(visit)")
        try await expectBroken(kept, saying: words)
    }
}
