import PSRunTestSupport
import Testing

/// psrun against a server that others' library speaks the protocol for.
struct PsrpcoreServerTests {
    static let command = Peers.command("psrpcore_server.py")

    @Test("The first playbook runs, as a process and over SSH", arguments: [false, true])
    func firstCheck(isOverSSH: Bool) async throws {
        let server =
            isOverSSH ? try await ServedProcess(overSSH: Self.command) : try ServedProcess(locally: Self.command)
        let playbook = "\(PackageRoot.path)/playbooks/first-check.ps1"
        let options = ["--any-shell"] + (isOverSSH ? ["-ConnectingTimeout", "5000"] : [])
        let outcome = try await server.run(file: playbook, options)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.map(\.outcome) == Array(repeating: "ok", count: 8))
        #expect(target.steps[0].output == "Linux\n")
        #expect(target.steps.last?.output == "done\n")
        #expect(
            target.steps.contains { $0.output == "here is\na block of two lines\n" && $0.lastLine == $0.firstLine + 1 }
        )
        if isOverSSH {
            let phases = Set(target.phasesUs.compactMapValues(\.self).keys)
            #expect(phases.isSuperset(of: ["tcp", "banner", "kex", "auth", "channel", "subsystem", "psrp_open"]))
        }
    }

    @Test("State lasts from line to line, and exit's number is kept")
    func stateAndExit() async throws {
        let server = try ServedProcess(locally: Self.command)
        let outcome = try await server.run("cd /usr\nx='a  b'\npwd; echo \"$x\"\nfalse\nexit 7\necho later\n")
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.exitCode == 7)
        #expect(target.steps.map(\.outcome) == ["ok", "ok", "ok", "error", "error", "not_sent"])
        #expect(target.steps[2].output == "/usr\na  b\n")
        #expect(target.steps[3].succeeded == false)
        #expect(target.steps[3].lastExitCode == 1)
        let kept = try await server.run("exit 9\n", ["--exit-from-session"])
        #expect(kept.ending == .exited(9), "\(kept)")
    }

    @Test("Records of every stream come, an error record among them")
    func streams() async throws {
        let outcome = try await ServedProcess(locally: Self.command).run(": psrp streams s\n")
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let step = try #require(try outcome.onlyTarget().steps.first)
        #expect(step.outcome == "error")
        #expect(step.output?.contains("error s") == true)
    }

    @Test("A terminating error is shown by the far side")
    func terminatingError() async throws {
        let outcome = try await ServedProcess(locally: Self.command).run(": psrp throw boom\necho on\n")
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "failed")
        #expect(target.steps.map(\.outcome) == ["failed", "ok"])
        #expect(target.steps.first?.output == "Error: boom\n")
    }

    @Test("-ErrorAction Stop ends the run at its first step that is not ok")
    func errorActionStop() async throws {
        let server = try ServedProcess(locally: Self.command)
        let outcome = try await server.run(": psrp throw boom\necho on\n", ["-ErrorAction", "Stop"])
        #expect(outcome.ending == .exited(1), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.map(\.outcome) == ["failed", "not_sent"])
    }

    @Test("Prompts are refused at once, and the session lives on")
    func promptsRefused() async throws {
        let prompts = ["read-line", "read-secret", "prompt c|m|Name", "choice c|m|&Yes,&No|1", "credential who"]
        let text = prompts.map { ": psrp \($0)\n" }.joined() + "echo alive\n"
        let outcome = try await ServedProcess(locally: Self.command).run(text)
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.map(\.outcome) == Array(repeating: "error", count: 5) + ["ok"], "\(target)")
        for step in target.steps.prefix(5) { #expect(step.output?.contains("refused: ") == true, "\(step)") }
    }

    @Test("Prompts are answered as the command line says, secrets through a session key")
    func promptsAnswered() async throws {
        let server = try ServedProcess(locally: Self.command)
        let secret = try server.place.folder.write("päss word\n", to: "secret", mode: 0o600)
        let outcome = try await server.run(
            ": psrp prompt c|m|Name\n: psrp choice c|sure?|&Yes,&No|1\n: psrp prompt c|m|Other\n: psrp credential who\n",
            ["--answer", "Name=alice", "--answer", "sure=Yes", "--answer-secret", "who=\(secret)"]
        )
        let outputs = try outcome.onlyTarget().steps.map { $0.output ?? "" }
        #expect(outputs[0].contains("answered: Name=alice"), "\(outcome)")
        #expect(outputs[1].contains("answered: 0"), "\(outcome)")
        #expect(outputs[2].contains("refused: "), "\(outcome)")
        #expect(outputs[3].contains("secret 80053c0c7c8ed6ae"), "\(outcome)")
        #expect(!outcome.output.contains("päss word"))
        #expect(!outcome.errors.contains("päss word"))
    }

    @Test("A SecureString that the server sends needs no key to be gone past")
    func secureStringAsOutput() async throws {
        let outcome = try await ServedProcess(locally: Self.command).run(": psrp secret hidden\necho on\n")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.allSatisfy { $0.output?.contains("hidden") == false })
    }

    @Test("A step that does not end is stopped when its time is over")
    func stepTimeout() async throws {
        let outcome = try await ServedProcess(locally: Self.command).run(
            ": psrp never\necho later\n",
            ["--step-timeout", "500ms"]
        )
        #expect(outcome.ending == .exited(124), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "timed_out")
        #expect(target.steps.map(\.outcome) == ["stopped", "not_sent"])
    }

    @Test("Output faster than it is read arrives whole")
    func muchOutput() async throws {
        let outcome = try await ServedProcess(locally: Self.command).run("seq 3000\n", within: 60)
        #expect(outcome.ending == .exited(0), "\(outcome.errors)")
        let output = try #require(try outcome.onlyTarget().steps.first?.output)
        #expect(output == (1...3_000).map { "\($0)\n" }.joined())
    }
}
