import PSRunCommandLine
import Testing

/// `resume` and `rerun`, and what of a run's command line is kept for them.
struct ContinuingTests {
    @Test("resume takes a run, whose lines to repeat, and the options of a run")
    func resume() throws {
        guard
            case .resume(let resume) = try bind(
                arguments: [
                    "resume", "last", "--repeat-unknown", "web03:18", "--repeat-unknown", "all", "-f", "8", "-n",
                ]
            )
        else { throw UsageError(.invalidArgument, "not resume") }
        #expect(resume.run == "last" && resume.repeatUnknown == ["web03:18", "all"] && resume.dryRun)
        #expect(resume.given.map(\.argument) == ["--fanout=8"])
    }

    @Test("rerun takes which targets are meant")
    func rerun() throws {
        guard case .rerun(let rerun) = try bind(arguments: ["rerun", "night~1", "--failed", "--key-file", "k"]) else {
            throw UsageError(.invalidArgument, "not rerun")
        }
        #expect(rerun.run == "night~1" && rerun.failed && !rerun.unreachable)
        #expect(rerun.given.map(\.argument) == ["--key-file=k"])
    }

    @Test(
        "Hosts and lines are the recording's, and are not taken",
        arguments: [["--host", "web01"], ["-w", "web01"], ["-c", "uptime"], ["--user", "op"], ["-i", "x,"]]
    )
    func refused(_ option: [String]) {
        #expect(throws: UsageError.self) { try bind(arguments: ["resume", "last"] + option) }
        #expect(throws: UsageError.self) { try bind(arguments: ["rerun", "last"] + option) }
    }

    @Test("Of a run's options those are kept that say how it runs, with absolute paths and without secrets")
    func kept() {
        let arguments = [
            "night.ps1", "--host", "web01", "-f5", "-ErrorAction", "Stop", "--redact", "hunter2", "--format", "json",
            "-v",
            "--key-file", "id", "--password-file=/etc/pw", "--answer-secret", "PIN=pin.txt", "--answer", "A=b=c",
            "--ssh-config",
            "none", "--any-shell", "-n", "--recordings", "r", "-ConnectingTimeout:500",
        ]
        let kept = KeptOptions(of: arguments, in: "/srv")
        #expect(
            kept.arguments == [
                "--fanout=5", "--error-action=Stop", "--key-file=/srv/id", "--password-file=/etc/pw",
                "--answer-secret=PIN=/srv/pin.txt", "--answer=A=b=c", "--ssh-config=none", "--any-shell",
                "-ConnectingTimeout:500",
            ]
        )
        #expect(kept.withheld == ["redact"])
        let secrets = [
            "x.ps1", "--password-command", "pass web", "--answer", "Password=hunter2", "--option",
            "ProxyCommand=sshpass x",
        ]
        #expect(KeptOptions(of: secrets, in: "/").arguments.isEmpty)
        #expect(KeptOptions(of: secrets, in: "/").withheld == ["password-command", "answer", "option"])
        let foreign = KeptOptions(of: ["--no-such-option"], in: "/")
        #expect(foreign.arguments.isEmpty && foreign.withheld.isEmpty)
    }

    @Test("Kept options make the same run, and what is given now goes before them")
    func merged() throws {
        let kept = ["--fanout=5", "--error-action=Stop", "--answer=A=b=c", "--any-shell", "-ConnectingTimeout:500"]
        guard
            case .resume(let resume) = try bind(arguments: ["resume", "last", "-f", "9", "--connecting-timeout", "2s"])
        else { throw UsageError(.invalidArgument, "not resume") }
        let merged = try KeptOptions.merged(kept, with: resume.given)
        let run = try KeptOptions.run(merged, isLocal: false)
        #expect(run.fanout == 9 && run.errorAction == .stop && run.anyShell && run.connectingTimeout == .seconds(2))
        #expect(run.prompts.answers.map(\.value) == ["b=c"])
        #expect(KeptOptions(of: merged, in: "/").arguments == merged)
        #expect(throws: UsageError.self) { try KeptOptions.merged(["--no-such-option=1"], with: []) }
    }
}
