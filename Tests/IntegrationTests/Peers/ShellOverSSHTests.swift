import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// `--shell`: hosts with an sshd and a POSIX shell, and nothing else.
@Suite("A POSIX shell is driven over SSH")
struct ShellOverSSHTests {
    /// psrun against an sshd that has no subsystem at all.
    private func run(
        _ lines: String,
        _ options: [String] = [],
        settings: [String] = []
    ) async throws -> ProgramOutcome {
        let place = try Workplace()
        let server = try await SSHServer(subsystems: [:], settings: settings)
        return try await place.psrun(
            [try place.playbook(lines, named: "lines.sh"), "--format", "json", "--shell"] + host(server) + options
        )
    }

    private func host(_ server: SSHServer) -> [String] {
        ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
    }

    @Test("State, streams, blocks and exit codes are those of psrun's endpoint")
    func lines() async throws {
        let outcome = try await run(
            "greeting='as written'; cd /usr\nfor i in 1 2\ndo\n  echo \"$greeting $i\"\ndone\necho oops >&2\npwd\n"
                + "cat <<E\nhere\nE\n(exit 4)\nexit 3\n"
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(
            target.steps.map(\.output) == ["", "as written 1\nas written 2\n", "oops\n", "/usr\n", "here\n", "", ""],
            "\(outcome)"
        )
        #expect(target.steps.prefix(6).map(\.lastExitCode) == [0, 0, 0, 0, 0, 4])
        #expect(target.exitCode == 3)
    }

    private static var loginShells: [String] {
        ["dash", "bash", "ksh93", "mksh", "zsh", "yash", "posh", "fish", "tcsh"].filter {
            access("/bin/\($0)", X_OK) == 0
        }
    }

    @Test("Any login shell may stand before it", arguments: loginShells)
    func login(_ shell: String) async throws {
        let outcome = try await run(
            "x='it'\\''s'\necho \"$x !! \\\\ ok\"\n",
            settings: ["ForceCommand echo Welcome; exec /bin/\(shell) -c \"$SSH_ORIGINAL_COMMAND\""]
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.last?.output?.hasPrefix("it's !! ") == true, "\(outcome)")
        #expect(outcome.errors.contains("Welcome"), "\(outcome)")
    }

    @Test("A step that runs too long is stopped, and what it started ends")
    func stopped() async throws {
        let outcome = try await run("echo $$\nsleep 60\necho never\n", ["--step-timeout", "1s"])
        #expect(outcome.ending == .exited(124), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.map(\.outcome) == ["ok", "stopped", "not_sent"], "\(outcome)")
        let shell = try #require(Int32(target.steps[0].output?.dropLast() ?? ""))
        #expect(kill(-shell, 0) != 0)
    }

    @Test("psrun's end is the end of what runs there, also where it is killed")
    func killed() async throws {
        let place = try Workplace()
        let server = try await SSHServer(subsystems: [:])
        let told = place.folder.path(of: "pid")
        let playbook = try place.playbook("echo $$ >\(told)\nsleep 300\n", named: "lines.sh")
        let psrun = try place.start(
            [playbook, "--shell", "--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        )
        var shell: Int32?
        for _ in 0..<3_000 where shell == nil {
            try await Task.sleep(for: .milliseconds(10))
            shell = (try? String(contentsOfFile: told, encoding: .utf8)).flatMap { Int32($0.dropLast()) }
        }
        let group = try #require(shell)
        psrun.signal(SIGKILL)
        for _ in 0..<3_000 where kill(-group, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(kill(-group, 0) != 0)
    }

    @Test("Without a second channel it works, and says what cannot be done")
    func oneSession() async throws {
        let outcome = try await run("echo in\n", settings: ["MaxSessions 1"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.map(\.output) == ["in\n"])
        #expect(outcome.errors.contains("cannot be stopped"), "\(outcome)")
    }

    @Test("A shell that does not come is told in its phase, and with what the far side said")
    func noShell() async throws {
        let silent = try await run(
            "echo in\n",
            ["--connecting-timeout", "2s"],
            settings: ["ForceCommand /bin/sleep 20"]
        )
        #expect(silent.ending == .exited(4), "\(silent)")
        let timeout = try #require(try silent.onlyTarget().error)
        #expect(timeout.code == "ConnectingTimeout" && timeout.message.contains("in phase shell"), "\(silent)")
        let refused = try await run("echo in\n", settings: ["ForceCommand echo this account is closed; exit 1"])
        let error = try #require(try refused.onlyTarget().error)
        #expect(error.code == "ShellUnusable" && error.message.contains("this account is closed"), "\(refused)")
    }

    @Test("--shell does not go together with --exec or --subsystem")
    func both() async throws {
        let outcome = try await run("echo in\n", ["--exec", "psrun endpoint"])
        #expect(outcome.ending == .exited(2))
        #expect(outcome.errors.contains("--exec and --shell both say"), "\(outcome)")
    }

    /// Without --shell, against a server that has no subsystem.
    private func runUnasked(
        _ lines: String,
        named name: String = "lines.sh",
        _ options: [String] = [],
        settings: [String] = []
    ) async throws -> (outcome: ProgramOutcome, place: Workplace, server: SSHServer) {
        let place = try Workplace()
        let server = try await SSHServer(subsystems: [:], settings: settings)
        let playbook = try place.playbook(lines, named: name)
        let outcome = try await place.psrun([playbook, "--format", "json"] + host(server) + options)
        return (outcome, place, server)
    }

    @Test(
        "A host with neither the subsystem nor PowerShell is driven without being asked for, which is said everywhere"
    )
    func unasked() async throws {
        let (outcome, place, server) = try await runUnasked("x=5\necho \"in $x\"\nexit 3\n", ["-Verbose"])
        let target = try outcome.onlyTarget()
        #expect(target.exitCode == 3 && target.steps.map(\.output) == ["", "in 5\n", ""], "\(outcome)")
        let word = "the host has neither the subsystem \"powershell\" nor PowerShell: its own shell is driven from here"
        #expect(outcome.errors.contains(word), "\(outcome)")
        for phase in ["shell", "guard"] {
            #expect(target.phasesUs[phase].flatMap { $0 } != nil, "\(phase)")
            #expect(outcome.errors.contains(", \(phase) "), "\(outcome)")
        }
        let recorded = try await place.psrun(["export", "last", "--as", "jsonl"])
        #expect(recorded.output.contains("its own shell is driven from here"), "\(recorded)")
        let again = try await place.psrun(["rerun", "last", "--format", "json"])
        #expect(try again.onlyTarget().exitCode == 3, "\(again)")
        withExtendedLifetime(server) {}
    }

    @Test("A playbook of PowerShell's is not for such a host, and none of it is sent")
    func unaskedPowerShell() async throws {
        let (outcome, _, _) = try await runUnasked("Get-Date\n", named: "lines.ps1")
        let target = try outcome.onlyTarget()
        #expect(target.error?.code == "WrongLanguage" && target.outcome == "not_run", "\(outcome)")
        #expect(target.steps.allSatisfy { $0.outcome == "not_sent" }, "\(outcome)")
    }

    @Test("What was named is what is entered, and a PowerShell is not passed over")
    func notChosen() async throws {
        let (named, _, _) = try await runUnasked("echo in\n", ["-Subsystem", "powershell"])
        #expect(try named.onlyTarget().error?.code == "SubsystemMissing", "\(named)")
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        try folder.write("#!/bin/sh\n", to: "pwsh", mode: 0o755)
        let (there, _, _) = try await runUnasked("echo in\n", settings: ["SetEnv PATH=\(folder.path):/usr/bin:/bin"])
        let error = try #require(try there.onlyTarget().error)
        #expect(error.code == "SubsystemMissing" && error.message.contains("psrun-endpoint"), "\(there)")
    }

    @Test("The question for PowerShell takes no channel away from what is driven then")
    func unaskedOneSession() async throws {
        let (outcome, _, _) = try await runUnasked("echo in\n", settings: ["MaxSessions 1"])
        #expect(try outcome.onlyTarget().steps.map(\.output) == ["in\n"], "\(outcome)")
        #expect(outcome.errors.contains("cannot be stopped"), "\(outcome)")
    }
}
