import Glibc
import PSRunTestSupport
import Testing

/// Secrets that a person types, told by the far side in every form: none is in anything that was written.
struct TypedSecretTests {
    private typealias Line = TerminalDialog.Line

    private static func expectNothing(of plan: PlantedPlan, after dialog: TerminalDialog) async throws {
        let place = plan.server.place
        #expect(dialog.isRestored && dialog.unread.isEmpty, "\(dialog)")
        var files = [try plan.file("errors", Array(dialog.errors.utf8))]
        for form in ["cast2", "cast3", "transcript", "jsonl", "junit", "markdown", "html"] {
            let path = place.folder.path(of: "exported.\(form)")
            let export = try await place.psrun(["export", "last", "--as", form, "--output", path])
            #expect(export.ending == .exited(0), "\(form): \(export)")
            let tags = try text(of: path).matches(of: /\[redacted:[0-9a-f]{8}\]/).count
            #expect(tags > 15, "\(form): \(tags) tags")
            files.append(path)
        }
        try await plan.expectNothing(in: files)
    }

    @Test("A key's passphrase, and what Read-Host, Get-Credential and a SecureString parameter are answered")
    func sessions() async throws {
        let server = try await ServedProcess(
            overSSH: Peers.command("psrpcore_server.py"),
            settings: ["LogLevel DEBUG3"],
            locked: true
        )
        let secrets = [SSHServer.passphrase, "read-Host 7Zé\"x", "Creden{tial}&9", "482913650271"]
        let plan = try await PlantedPlan(on: server, secrets: secrets)
        let asking = ": psrp read-secret\n: psrp credential login\n: psrp prompt-secret Token\n"
        let playbook = try server.place.playbook(asking + plan.line(ofStep: 0))
        let dialog = try await TerminalDialog(
            server.place,
            [playbook, "--ask", "-v", "-Debug"] + server.arguments,
            [
                Line("Passphrase for", secrets[0] + "\n"), Line("only if you trust", secrets[1] + "\n"),
                Line("Password for user", secrets[2] + "\n"), Line("Token: ", secrets[3] + "\n"),
            ]
        )
        #expect(dialog.outcome.ending == .exited(1), "\(dialog)")
        #expect(!dialog.outcome.output.contains(secrets[1] + "\r\n"), "it was shown as it was typed")
        // Each was taken as it was typed.
        let answers = dialog.outcome.output.matches(of: /answered: .*secret [0-9a-f]{16}/).count
        #expect(answers == 3, "\(dialog.outcome)")
        try await Self.expectNothing(of: plan, after: dialog)
        let log = try plan.file("sshd", Array(server.log().utf8))
        try await plan.expectNothing(in: [log])
    }

    @Test("A password that SSH asks for, and one behind keyboard-interactive", arguments: ["password", "interactive"])
    func passwords(mode: String) async throws {
        let secret = "Pass'word \\12 ñ"
        let server = try ServedProcess(locally: [])
        let plan = try await PlantedPlan(on: server, secrets: [secret])
        let place = server.place
        let key = place.folder.path(of: "host_key")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
        let peer = try await PasswordServer(mode, secret, hostKey: key, in: place.folder)
        let asked = [Line("\(peer.target)'s password: ", secret + "\n")]
        let dialog = try await TerminalDialog(
            place,
            [try place.playbook(plan.line(ofStep: 0)), "--ask", "-v", "-Debug"] + peer.arguments,
            mode == "password" ? asked : asked + [Line("Token: ", "123\n")]
        )
        #expect(dialog.outcome.ending == .exited(1), "\(dialog)")
        try await Self.expectNothing(of: plan, after: dialog)
    }

    @Test(
        "A secret that is typed halfway when its question is over is not left for the shell",
        arguments: [("half of it", "SIGTERM", 143), ("half of it", "SIGQUIT", 131), ("half of it\u{1C}", nil, 131)]
            as [(String, String?, Int32)]
    )
    func abandoned(typed: String, signal: String?, status: Int32) async throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        let dialog = try await TerminalDialog(
            server.place,
            [try server.place.playbook(": psrp read-secret\n"), "--ask"],
            environment: server.environment,
            [Line("only if you trust", typed, signal: signal)]
        )
        #expect(dialog.outcome.ending == .exited(status), "\(dialog)")
        #expect(dialog.isRestored && dialog.unread.isEmpty, "\(dialog)")
    }
}
