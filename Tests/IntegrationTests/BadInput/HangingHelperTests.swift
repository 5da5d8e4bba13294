import Glibc
import PSRunTestSupport
import Testing

/// What psrun waits for and never comes: it ends by its clocks all the same, and leaves nothing behind.
struct HangingHelperTests {
    private let place: Workplace
    private let key: String
    private let playbook: String

    init() async throws {
        place = try Workplace()
        key = place.folder.path(of: "key")
        playbook = try place.playbook("1")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
    }

    /// Processes, of any parent, whose command line has this word.
    private func processes(naming word: String) throws -> [String] {
        try FolderListing.names(in: "/proc").filter { Int32($0) != nil }.filter { name in
            (try? text(of: "/proc/\(name)/cmdline"))?.contains(word) ?? false
        }
    }

    @Test("A --password-command that hangs, and does not obey SIGTERM, ends by the connection's clock")
    func passwordCommand() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let delay = SchedulingDelay()
        let began = ContinuousClock.now
        let outcome = try await ChildProgram.run(
            [BuiltProgram.path, playbook, "-ConnectingTimeout", "2000"] + peer.arguments
                + ["--password-command", "trap '' TERM; : \(word); while :; do sleep 1; done"],
            environment: place.environment(),
            within: 60
        )
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("phase auth"), "\(outcome)")
        #expect(outcome.errors.contains("--password-command was waited for, on this side"), "\(outcome)")
        #expect(took < .seconds(5) + late * 4, "\(took)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test(
        "A signal ends psrun and what it waits for before a run: an inventory program, a command of groups",
        arguments: [
            (["targets", "-i", "PROGRAM"], SIGINT), (["targets", "-i", "PROGRAM"], SIGTERM),
            (["targets", "-w", "@map:web"], SIGTERM), (["targets", "-w", "@all:*"], SIGINT),
            (["targets", "-w", "web1", "--format", "json"], SIGTERM), (["PLAYBOOK", "-i", "PROGRAM"], SIGHUP),
            (["PLAYBOOK", "-w", "@map:web"], SIGINT), (["blocks", "PLAYBOOK", "-i", "PROGRAM"], SIGTERM),
        ]
    )
    func signalBeforeRun(arguments: [String], signal: Int32) async throws {
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let begun = place.folder.path(of: "begun")
        let hang =
            "trap '' TERM INT HUP; echo >\(begun); : \(word); sh -c ': \(word); sleep 100' & while :; do sleep 1; done"
        let script = try place.folder.write("#!/bin/sh\n\(hang)\n", to: "program", mode: 0o755)
        let groups = try place.folder.makeFolder("groups")
        let conf =
            "[Main]\ndefault: back\n[map]\nmap: \(hang)\n[all]\nmap: :\nall: \(hang)\n[back]\nmap: :\nreverse: \(hang)\n"
        try place.folder.write(conf, to: "groups/groups.conf")
        let words = arguments.map { $0 == "PROGRAM" ? script : $0 == "PLAYBOOK" ? playbook : $0 }
        let program = try ChildProgram(
            [BuiltProgram.path] + words,
            environment: place.environment(adding: ["CLUSTERSHELL_CFGDIR": groups])
        )
        for _ in 0..<2000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        program.signal(signal)
        let outcome = try await program.outcome(within: 30)
        #expect(outcome.ending == .exited(128 + signal), "\(outcome)")
        // What became of what the signal ended is not told.
        #expect(outcome.errors.isEmpty, "\(outcome)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test("The first signal ends a hanging --password-command with its run", arguments: [SIGINT, SIGTERM])
    func firstSignal(signal: Int32) async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let begun = place.folder.path(of: "begun")
        let program = try ChildProgram(
            [BuiltProgram.path, playbook] + peer.arguments
                + ["--password-command", "echo >\(begun); : \(word); while :; do sleep 1; done"],
            environment: place.environment()
        )
        for _ in 0..<2000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        program.signal(signal)
        let outcome = try await program.outcome(within: 30)
        #expect(outcome.ending == .exited(128 + signal), "\(outcome)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test("A second signal ends a hanging --password-command with the program")
    func secondSignal() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let begun = place.folder.path(of: "begun")
        let program = try ChildProgram(
            [BuiltProgram.path, playbook] + peer.arguments
                + ["--password-command", "trap '' TERM; echo >\(begun); : \(word); while :; do sleep 1; done"],
            environment: place.environment()
        )
        for _ in 0..<2000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        program.signal(SIGINT)
        try await Task.sleep(for: .milliseconds(100))
        program.signal(SIGINT)
        let outcome = try await program.outcome(within: 30)
        #expect(outcome.ending == .exited(130), "\(outcome)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test("A FIFO in place of a systemd credential is refused, and stops no clock")
    func credentialFIFO() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let folder = try place.folder.makeFolder("credentials")
        #expect(mkfifo("\(folder)/psrun.password", 0o600) == 0)
        let outcome = try await ChildProgram.run(
            [BuiltProgram.path, playbook, "-ConnectingTimeout", "20000"] + peer.arguments,
            environment: place.environment(adding: ["CREDENTIALS_DIRECTORY": folder]),
            within: 15
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("psrun.password cannot be used: it is not a regular file"), "\(outcome)")
    }

    @Test(
        "A FIFO without a writer, wherever a file is named, ends by the run's clock or is refused at once",
        arguments: [
            ["--password-file", "FIFO"], ["--passphrase-file", "FIFO"], ["--answer-secret", "x=FIFO"],
            ["--host", "@FIFO"], ["--ssh-config", "FIFO"], ["--output", "FIFO"], ["--sign-key", "FIFO"],
            ["-KeyFilePath", "FIFO"], ["-Options", "UserKnownHostsFile=FIFO"], ["-Options", "CertificateFile=FIFO"],
            ["PLAYBOOK"],
        ]
    )
    func fifos(arguments: [String]) async throws {
        let fifo = place.folder.path(of: "fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let server = try await SSHServer(subsystems: ["powershell": "/bin/cat"])
        let isPlaybook = arguments == ["PLAYBOOK"]
        let named = isPlaybook ? [] : arguments.map { $0.replacing("FIFO", with: fifo) }
        let own = [
            "--host", "127.0.0.1:\(server.port)", "-UserName", server.user, "-KeyFilePath", server.key,
            "--run-timeout", "1s", "--grace", "500ms",
        ]
        let has = Set(named)
        let rest = stride(from: 0, to: own.count, by: 2).flatMap {
            has.contains(own[$0]) ? [] : Array(own[$0..<$0 + 2])
        }
        let (began, delay) = (ContinuousClock.now, SchedulingDelay())
        let outcome = try await place.psrun([isPlaybook ? fifo : playbook] + named + rest, within: 20)
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending != .timedOut && outcome.ending != .exited(0), "\(outcome)")
        #expect(took < .seconds(3) + late * 4, "\(took): \(outcome)")
    }

    @Test("A jump host that is silent holds up neither the run's clock nor its end")
    func silentJumpHost() async throws {
        let peer = try await SilentPeer(.silent)
        let (began, delay) = (ContinuousClock.now, SchedulingDelay())
        let outcome = try await ChildProgram.run(
            [
                BuiltProgram.path, playbook, "--host", "web1,web2", "-J", "127.0.0.1:\(peer.port)", "--run-timeout",
                "1s",
                "--grace", "300ms", "-ConnectingTimeout", "-1",
            ],
            environment: place.environment(),
            within: 60
        )
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(124), "\(outcome)")
        #expect(took < .seconds(4) + late * 4, "\(took)")
    }

    @Test(
        "An agent that hangs when the run is sealed has the run's time and the grace, and the run is sealed unsigned",
        arguments: [["--run-timeout", "3s", "--grace", "300ms"], ["--grace", "300ms"]]
    )
    func signing(limits: [String]) async throws {
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let called = place.folder.path(of: "called")
        let bin = try place.folder.makeFolder("bin")
        try place.folder.write(
            "#!/bin/sh\n[ -e \(called) ] && exec /bin/sh -c 'sleep 600; :' \(word)\n: >\(called)\nexec /usr/bin/ssh-keygen \"$@\"\n",
            to: "bin/ssh-keygen"
        )
        #expect(chmod("\(bin)/ssh-keygen", 0o700) == 0)
        let (began, delay) = (ContinuousClock.now, SchedulingDelay())
        let program = try place.start(
            [try place.playbook("echo in; sleep 30\n", named: "in.sh"), "--sign-key", key] + limits,
            environment: ["PATH": "\(bin):/usr/bin:/bin"]
        )
        if limits.count == 2 {
            for _ in 0..<1000 where try !program.outputSoFar().contains("in\n") {
                try await Task.sleep(for: .milliseconds(10))
            }
            program.signal(SIGINT)
        }
        let outcome = try await program.outcome(within: 60)
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(limits.count == 2 ? 130 : 3), "\(outcome)")
        #expect(outcome.errors.contains("sealed without a signature. ssh-keygen did not end within"), "\(outcome)")
        #expect(took < .seconds(8) + late * 4, "\(took)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test(
        "A FIFO that the run's clock ends is named",
        arguments: [["PLAYBOOK"], ["-i", "FIFO"], ["--host", "@FIFO"]]
    )
    func namedFIFO(arguments: [String]) async throws {
        let fifo = place.folder.path(of: "fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let first = arguments == ["PLAYBOOK"] ? [fifo] : [playbook] + arguments.map { $0.replacing("FIFO", with: fifo) }
        let outcome = try await place.psrun(first + ["--run-timeout", "500ms"], within: 20)
        #expect(outcome.ending == .exited(124), "\(outcome)")
        #expect(outcome.errors.contains("fifo") && outcome.errors.contains("500 ms of --run-timeout"), "\(outcome)")
    }

    @Test(
        "A run whose target's time ran out waits for no reader longer than the grace, however little there is to read",
        arguments: ["--step-timeout", "--target-timeout"]
    )
    func unreadRest(clock: String) async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let some = try place.playbook(
            "head -c 200000 /dev/zero | tr '\\0' x | fold -w 4000\nsleep 60\n",
            named: "some.sh"
        )
        let words = [BuiltProgram.path, some, "--grace", "500ms", clock, "2s"]
        let (began, delay) = (ContinuousClock.now, SchedulingDelay())
        let program = try ChildProgram(
            ["/bin/sh", "-c", "exec \"$@\" >/proc/\(getpid())/fd/\(ends[1])", "sh"] + words,
            environment: place.environment()
        )
        let outcome = try await program.outcome(within: 30)
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(124), "\(outcome)")
        #expect(outcome.errors.contains("nobody read them in time"), "\(outcome)")
        #expect(took < .seconds(6) + late * 4, "\(took): \(outcome)")
    }

    @Test(
        "A standard output that nobody reads stops neither a clock nor Ctrl-C, and the recording has everything",
        arguments: [
            ("text", "--step-timeout"), ("text", "--target-timeout"), ("text", "--run-timeout"), ("text", "Ctrl-C"),
            // What is told at the end waits for its reader as long as the run may take.
            ("json", "--run-timeout"), ("json", "Ctrl-C"), ("jsonl", "--run-timeout"), ("jsonl", "Ctrl-C"),
        ]
    )
    func unreadOutput(format: String, clock: String) async throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let line = "head -c 4000000 /dev/zero | tr '\\0' x | fold -w 4000"
        let flood = try place.playbook("\(line)\nsleep 60\n", named: "flood.sh")
        let limits = clock == "Ctrl-C" ? [] : [clock, "2s"]
        let words = [BuiltProgram.path, flood, "--format", format, "--grace", "500ms"] + limits
        let (began, delay) = (ContinuousClock.now, SchedulingDelay())
        let program = try ChildProgram(
            ["/bin/sh", "-c", "exec \"$@\" >/proc/\(getpid())/fd/\(ends[1])", "sh"] + words,
            environment: place.environment()
        )
        if clock == "Ctrl-C" {
            try await Task.sleep(for: .seconds(2))
            program.signal(SIGINT)
        }
        let outcome = try await program.outcome(within: 30)
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(clock == "Ctrl-C" ? 130 : 124), "\(outcome)")
        #expect(outcome.errors.contains("nobody read them in time"), "\(outcome)")
        #expect(took < .seconds(6) + late * 4, "\(took): \(outcome)")
        let verdict = try await place.psrun(["verify", "--all"])
        #expect(verdict.ending == .exited(0), "\(verdict)")
    }
}
