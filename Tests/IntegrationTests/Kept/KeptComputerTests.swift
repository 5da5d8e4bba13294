import PSRunTestSupport
import Testing

/// Kept sessions on computers that are entered over WinRM, at a WSMan server that is not psrun's.
struct KeptComputerTests {
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

    @Test("A server that goes leaves no line that seems well, and a session that can be closed")
    func serverGoes() async throws {
        let kept = try KeptPlace()
        let password = try kept.place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        do {
            let server = try await WSManServer(schemes: "negotiate")
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
            try #require(opened.ending == .exited(0), "\(opened)")
            #expect(try await kept.run("echo in", in: ["-Name", "win"]).outcome == "ok")
        }
        // A far side that says nothing is given up after half a minute.
        let words = ["-c", "echo in", "-Name", "win", "--format", "json"]
        let lost = try await kept.place.psrun(words, environment: kept.environment, within: 90).onlyTarget()
        #expect(lost.steps.allSatisfy { ["unknown", "not_sent"].contains($0.outcome) }, "\(lost)")
        // The carrier looks for the service for some time yet.
        #expect(try await kept.sessions().allSatisfy { $0.state != "available" && $0.reason?.isEmpty == false })
        #expect(try await kept.psrun("session", "close", "win").ending == .exited(0))
        #expect(try await kept.sessions().isEmpty)
    }
}
