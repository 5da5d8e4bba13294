import Glibc
import PSRunTestSupport
import Testing

/// `--process`, `--pipe`, `psrun processes`: PowerShells that run on this computer already.
struct ProcessEntryTests {
    private func capture() -> [String] {
        let path = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/captures/ways-in/pipe-custom.wire.jsonl.xz"
        return Peers.command("capture_player.py", [path])
    }

    @Test("A real PowerShell's pipe is entered, as captured")
    func captured() async throws {
        let server = try await PipeServer(capture())
        let place = try Workplace()
        let outcome = try await place.psrun(
            [try place.playbook("$PID\n"), "--format", "json", "--pipe", server.path, "--blocks", "incremental"]
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.target == "pipe:\(server.path)")
        #expect(Int(target.steps.first?.output?.dropLast() ?? "") != nil, "\(outcome)")
        #expect(target.phasesUs["pipe"] != nil && target.phasesUs["psrp_open"] != nil)
    }

    @Test("A process is entered by its id or its pipe's name, listed, and lives on")
    func endpoint() async throws {
        let sleeper = try ChildProgram(["/bin/sleep", "60"])
        defer { sleeper.signal(9) }
        let server = try await PipeServer(
            [BuiltProgram.path, "endpoint"],
            named: "CoreFxPipe_PSHost.DC9A4F1E.\(sleeper.processID).None.pwsh"
        )
        let place = try Workplace()
        let environment = ["TMPDIR": server.folderPath]
        let list = try await place.psrun(["processes"], environment: environment)
        #expect(list.output.contains("\(sleeper.processID)  pwsh  \(server.path)"), "\(list)")
        for _ in 0..<2 {
            let outcome = try await place.psrun(
                [
                    try place.playbook("echo in; exit 3\n"), "--any-shell", "--process", "\(sleeper.processID)",
                    "--format", "json",
                ],
                environment: environment
            )
            #expect(outcome.ending == .exited(1), "\(outcome)")
            #expect(try outcome.onlyTarget().exitCode == 3)
        }
        #expect(kill(sleeper.processID, 0) == 0)
    }

    @Test("A session in a process stays open")
    func kept() async throws {
        let server = try await PipeServer([BuiltProgram.path, "endpoint"])
        let kept = try KeptPlace()
        let opened = try await kept.psrun("session", "open", "one", "--pipe", server.path)
        #expect(opened.ending == .exited(0) && opened.output.contains("pipe:\(server.path)"), "\(opened)")
        _ = try await kept.run("x=7", in: ["-Name", "one"])
        #expect(try await kept.run("echo $x", in: ["-Name", "one"]).steps.first?.output == "7\n")
        #expect(try await kept.psrun("session", "close", "one").ending == .exited(0))
    }

    @Test("A process that somebody else is in accepts, and says nothing: the clock holds, in phase pipe")
    func busy() async throws {
        let server = try await PipeServer([BuiltProgram.path, "endpoint"])
        let place = try Workplace()
        let first = try place.start(
            [try place.playbook("sleep 20\n"), "--any-shell", "--pipe", server.path, "--step-timeout", "15s"],
            environment: [:]
        )
        defer { first.signal(15) }
        try await Task.sleep(for: .seconds(2))
        let second = try await place.psrun(
            [
                try place.playbook("echo in\n"), "--any-shell", "--format", "json", "--pipe", server.path,
                "-ConnectingTimeout", "700",
            ]
        )
        #expect(second.ending == .exited(4), "\(second)")
        let target = try second.onlyTarget()
        #expect(target.phase == "pipe" && target.error?.code == "ConnectingTimeout", "\(second)")
        #expect(target.error?.message.contains("somebody else may be in it") == true, "\(second)")
    }

    @Test("Another target beside a process is refused")
    func both() async throws {
        let place = try Workplace()
        let outcome = try await place.psrun([try place.playbook("1\n"), "--process", "1", "--host", "web01"])
        #expect(outcome.ending == .exited(2), "\(outcome)")
        #expect(outcome.errors.contains("enter one process on this computer"), "\(outcome)")
    }
}
