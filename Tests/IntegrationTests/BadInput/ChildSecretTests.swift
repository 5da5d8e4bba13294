import Glibc
import PSRunTestSupport
import Testing

/// What psrun starts is given nothing that it does not need: no secret by argument or environment, no descriptor.
struct ChildSecretTests {
    private let place: Workplace
    private let seen: String

    init() throws {
        place = try Workplace()
        seen = try place.folder.makeFolder("seen")
    }

    /// Shell words that write down what the process is given, under a name.
    private func look(_ name: String) -> String {
        "cat /proc/$$/cmdline /proc/$$/environ >'\(seen)/\(name)'; ls -l /proc/$$/fd >'\(seen)/\(name)-open'; "
            + "ulimit -c >'\(seen)/\(name)-core'; "
    }

    private func check(_ names: [String], of plan: PlantedPlan) async throws {
        try await plan.expectNothing(in: names.map { "\(seen)/\($0)" })
        for name in names {
            #expect(try !contents(of: "\(seen)/\(name)").isEmpty)
            #expect(try text(of: "\(seen)/\(name)-core") == "0\n")
            let open = try text(of: "\(seen)/\(name)-open")
            for part in [place.recordings, "socket:", "anon_inode:", "/dev/tty"] {
                #expect(!open.contains(part), "\(name): \(open)")
            }
        }
    }

    @Test("The far side of a local session")
    func localEndpoint() async throws {
        let peer = Peers.command("psrpcore_server.py").joined(separator: " ")
        let server = try ServedProcess(locally: ["/bin/sh", "-c", look("pwsh") + "exec \(peer)"])
        let plan = try await PlantedPlan(on: server, seed: 5, count: 30, ways: ["write"])
        let outcome = try await server.run(file: plan.playbook, plan.arguments, adding: plan.environment, within: 60)
        #expect(outcome.ending == .exited(1), "\(outcome.errors.suffix(2000))")
        try await check(["pwsh"], of: plan)
    }

    @Test("Secrets reach neither ssh-keygen nor the command that prints a password")
    func helpers() async throws {
        let secret = "Command's \\ñ 1234"
        let server = try ServedProcess(locally: [])
        let plan = try await PlantedPlan(on: server, secrets: [secret])
        let key = place.folder.path(of: "key")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
        let peer = try await PasswordServer("password", secret, hostKey: key, in: place.folder)
        let tools = try place.folder.makeFolder("tools")
        let script = "#!/bin/sh\n\(look("ssh-keygen"))exec /usr/bin/ssh-keygen \"$@\"\n"
        try place.folder.write(script, to: "tools/ssh-keygen", mode: 0o755)
        let file = try place.folder.write(secret + "\n", to: "secret", mode: 0o600)
        // What this test's own process has open is none of psrun's.
        let bare = "for each in /proc/$$/fd/*; do n=${each##*/}; [ $n -le 2 ] || eval \"exec $n>&-\"; done; exec \"$@\""
        let outcome = try await ChildProgram.run(
            ["/bin/bash", "-c", bare, "bash", BuiltProgram.path, try server.place.playbook(plan.line(ofStep: 0))]
                + ["--sign-key", key, "--password-command", "\(look("command"))cat '\(file)'"]
                + ["--answer-secret", "none=\(file)", "--redact", "nothing else"] + peer.arguments,
            environment: server.place.environment(adding: ["PATH": "\(tools):/usr/bin:/bin"])
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        try await plan.expectNothing(in: [
            plan.file("output", outcome.standardOutput), plan.file("errors", outcome.standardError),
        ])
        try await check(["ssh-keygen", "command"], of: plan)
    }
}
