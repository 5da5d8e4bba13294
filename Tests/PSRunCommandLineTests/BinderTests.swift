import PSRunCommandLine
import Testing

/// What command lines become.
struct BinderTests {
    private func run(_ arguments: String...) throws -> RunInvocation {
        guard case .run(let invocation) = try bind(arguments: arguments) else {
            throw UsageError(.unexpectedArgument, "not the run verb")
        }
        return invocation
    }

    @Test("A playbook alone is a run on this computer, with every default")
    func defaults() throws {
        let invocation = try run("x.ps1")
        #expect(invocation == RunInvocation(playbook: .file("x.ps1")))
        #expect(invocation.targets == .local)
        #expect(invocation.connectingTimeout == nil)
        #expect(invocation.limits.grace == .seconds(5))
        #expect(invocation.blocks.maximumLines == 2_000)
        #expect(SSHChoices().subsystem == "powershell")
    }

    @Test("The run verb may be named, and a playbook may have the name of a verb")
    func runVerb() throws {
        #expect(try run("run", "x.ps1") == run("x.ps1"))
        #expect(try run("run", "list").playbook == .file("list"))
        #expect(try run("-q", "--", "-x.ps1").playbook == .file("-x.ps1"))
        #expect(try run("./list").playbook == .file("./list"))
        #expect(try run("-q", "--", "list").playbook == .file("list"))
        #expect(try run("run", "-q", "list").playbook == .file("list"))
    }

    @Test("Lines, standard input or a file are the playbook")
    func playbooks() throws {
        #expect(try run("-c", "uptime", "--host", "web01", "--command=id -u").playbook == .lines(["uptime", "id -u"]))
        #expect(try run("-", "--host", "web01").playbook == .standardInput)
        #expect(try run("--", "-").playbook == .standardInput)
    }

    @Test("A number may stand right behind a short option")
    func attachedNumbers() throws {
        #expect(try run("x.ps1", "--host", "web01", "-f5").fanout == 5)
    }

    @Test(
        "Each parameter is taken in all its spellings",
        arguments: [
            ["--user", "op"], ["--user=op"], ["-UserName", "op"], ["-username", "op"], ["-USERNAME:op"],
            ["-UserN", "op"],
            ["-UserName:", "op"], ["--UserName", "op"],
        ]
    )
    func spellings(arguments: [String]) throws {
        let invocation = try bind(arguments: ["x.ps1", "--host", "web01"] + arguments)
        var expected = RunInvocation(playbook: .file("x.ps1"))
        var choices = SSHChoices()
        choices.userName = "op"
        expected.targets = .ssh(HostSelection([.host(HostName(host: "web01"))]), choices)
        #expect(invocation == .run(expected))
    }

    @Test("The SSHHost set binds each of its parameters")
    func ssh() throws {
        let invocation = try run(
            "x.ps1",
            "-HostName",
            "op@web01:2222",
            "--host=web[08-10]",
            "-Host",
            "-",
            "--host",
            "@hosts",
            "-Port",
            "22",
            "-IdentityFilePath",
            "k",
            "-Subsystem",
            "ps76",
            "-SSHTransport",
            "-Options",
            "Compression=yes",
            "--option",
            "SendEnv=A=B",
            "--host-key-check",
            "accept-new",
            "--ssh-config",
            "none",
            "-J",
            "a@b:1,[::1]"
        )
        let (hosts, choices) = try #require(invocation.ssh)
        #expect(
            hosts == [
                .host(HostName(host: "web01", user: "op", port: 2222)), .host(HostName(host: "web08")),
                .host(HostName(host: "web09")), .host(HostName(host: "web10")), .standardInput, .file("hosts"),
            ]
        )
        #expect(choices.port == 22)
        #expect(choices.keyFile == "k")
        #expect(choices.subsystem == "ps76")
        #expect(
            choices.options == [
                .init(keyword: "Compression", value: "yes"), .init(keyword: "SendEnv", value: "A=B"),
            ]
        )
        #expect(choices.hostKeyCheck == .acceptNew)
        #expect(choices.configFile == "none")
        #expect(choices.jumpHosts == [HostName(host: "b", user: "a", port: 1), HostName(host: "[::1]")])
        #expect(try run("x.ps1", "--host", "a", "-J", "none").ssh?.choices.jumpHosts == [])
        #expect(try run("x.ps1", "--host", "a", "-Subsystem", "").ssh?.choices.subsystem == "powershell")
    }

    @Test("Secrets, prompts and the session's parameters find their places")
    func session() throws {
        let invocation = try run(
            "x.ps1",
            "--host",
            "a",
            "--password-file",
            "p",
            "--passphrase-file",
            "q",
            "--answer",
            "^Name=a=b",
            "--answer",
            "x=",
            "--answer-secret=Key=f",
            "--ask",
            "--blocks",
            "console",
            "--max-block",
            "10",
            "--any-shell",
            "--load-profile",
            "/p",
            "-ErrorAction",
            "stop",
            "--exit-from-session"
        )
        #expect(invocation.credentials.passwordFile == "p")
        #expect(invocation.credentials.passphraseFile == "q")
        #expect(
            invocation.prompts.answers == [.init(pattern: "^Name", value: "a=b"), .init(pattern: "x", value: "")]
        )
        #expect(invocation.prompts.secretAnswers == [.init(pattern: "Key", value: "f")])
        #expect(invocation.prompts.asksPerson)
        #expect(invocation.blocks.rule == .console)
        #expect(invocation.blocks.maximumLines == 10)
        #expect(invocation.anyShell)
        #expect(invocation.loadProfile == "/p")
        #expect(invocation.errorAction == .stop)
        #expect(invocation.exitFromSession)
        #expect(try run("x.ps1", "--host", "a", "--password-command", "c").credentials.passwordCommand == "c")
    }

    @Test("Parameters of output and recording find their places")
    func output() throws {
        let invocation = try run(
            "x.ps1",
            "--format",
            "jsonl",
            "--output",
            "r",
            "--color",
            "never",
            "-v",
            "-db",
            "--recordings",
            "d",
            "--on-record-failure",
            "finish-step",
            "-f",
            "8",
            "-n"
        )
        #expect(invocation.output.format == .jsonl)
        #expect(invocation.output.file == "r")
        #expect(invocation.output.color == .never)
        #expect(invocation.verbosity == .verbose)
        #expect(invocation.tracesProtocol)
        #expect(invocation.recordings == "d")
        #expect(invocation.onRecordFailure == .finishStep)
        #expect(invocation.fanout == 8)
        #expect(invocation.dryRun)
        #expect(try run("x.ps1", "-q").verbosity == .quiet)
        #expect(try run("x.ps1", "-Verbose:$false").verbosity == .normal)
        #expect(try run("x.ps1", "-vb:", "$true").verbosity == .verbose)
    }

    @Test("Times are taken with a unit and without")
    func times() throws {
        let invocation = try run(
            "x.ps1",
            "-ConnectingTimeout",
            "5000",
            "--step-timeout",
            "1500ms",
            "--target-timeout",
            "2m",
            "--run-timeout",
            "1h",
            "--grace",
            "0s"
        )
        #expect(invocation.connectingTimeout == .seconds(5))
        #expect(invocation.limits.step == .milliseconds(1_500))
        #expect(invocation.limits.target == .seconds(120))
        #expect(invocation.limits.run == .seconds(3_600))
        #expect(invocation.limits.grace == .zero)
        #expect(try run("x.ps1", "-ConnectingTimeout", "-1").connectingTimeout == nil)
        #expect(try run("x.ps1", "-ConnectingTimeout:-2147483648").connectingTimeout == nil)
        #expect(try run("x.ps1", "--connecting-timeout", "5s").connectingTimeout == .seconds(5))
    }

    @Test("Each of the other verbs finds its places")
    func otherVerbs() throws {
        var replay = ReplayInvocation(run: "last~1")
        replay.host = "web02"
        replay.speed = 2.5
        replay.idleLimit = .seconds(2)
        replay.instant = true
        replay.recordings = "d"
        #expect(
            try bind(arguments: [
                "replay", "last~1", "--host", "web02", "--speed", "2.5", "--idle-limit=2s", "--instant", "--recordings",
                "d",
            ]) == .replay(replay)
        )
        var show = ShowInvocation(run: "last")
        show.format = .json
        show.host = "web02"
        #expect(try bind(arguments: ["show", "--format", "JSON", "--host", "web02", "last"]) == .show(show))
        var list = ListInvocation()
        list.recordings = "d"
        #expect(try bind(arguments: ["list", "--recordings", "d"]) == .list(list))
        #expect(try bind(arguments: ["recover"]) == .recover(RecoverInvocation()))
        var recover = RecoverInvocation()
        recover.run = "3fa9"
        #expect(try bind(arguments: ["recover", "3fa9"]) == .recover(recover))
        var endpoint = EndpointInvocation()
        endpoint.shell = "bash"
        #expect(try bind(arguments: ["endpoint", "--shell", "bash"]) == .endpoint(endpoint))
        #expect(try bind(arguments: ["completions", "zsh"]) == .completions(.script(.zsh)))
        #expect(try bind(arguments: ["manual"]) == .manual(ManualInvocation()))
    }

    @Test("Help and version are asked for wherever they stand before --")
    func help() throws {
        #expect(try bind(arguments: ["--help"]) == .help(HelpInvocation()))
        #expect(try bind(arguments: ["help"]) == .help(HelpInvocation()))
        #expect(try bind(arguments: ["help", "replay"]) == .help(HelpInvocation(verb: .replay)))
        #expect(try bind(arguments: ["replay", "-h"]) == .help(HelpInvocation(verb: .replay)))
        #expect(try bind(arguments: ["x.ps1", "--nosuch", "-h"]) == .help(HelpInvocation(verb: .run)))
        #expect(try bind(arguments: ["--version"]) == .version)
        #expect(try bind(arguments: ["version"]) == .version)
        #expect(try run("--", "--help").playbook == .file("--help"))
    }
}
