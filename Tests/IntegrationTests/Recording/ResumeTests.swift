import FoundationEssentials
import Glibc
import PSRunTestSupport
import Testing

/// Runs that were cut off, taken up again by the program itself.
struct ResumeTests {
    /// A run on this computer whose third line waits, and that was killed there.
    private struct KilledNight {
        let place: Workplace
        let playbook: String

        init(_ options: [String] = []) async throws {
            place = try Workplace()
            let ran = place.folder.path(of: "ran")
            let lines = [
                "echo 1 >>\(ran)", "echo 2 >>\(ran)", "echo 3 >>\(ran); sleep 600",
                "for i in 1 2\ndo echo 4 >>\(ran)\ndone",
            ]
            playbook = try place.playbook(lines.joined(separator: "\n") + "\necho 5 >>\(ran)\n", named: "night.sh")
            let run = try place.start([playbook] + options)
            for _ in 0..<1500 where try !traces().contains("3") { try await Task.sleep(for: .milliseconds(10)) }
            run.signal(SIGKILL)
            _ = try await run.outcome()
        }

        func traces() throws -> [String] {
            let bytes = (try? Data(contentsOf: URL(filePath: place.folder.path(of: "ran")))) ?? Data()
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        /// Takes the wait out of the third line, as nobody should do.
        func edit() throws {
            let text = String(decoding: try Data(contentsOf: URL(filePath: playbook)), as: UTF8.self)
            try place.folder.write(text + "echo never\n", to: "night.sh")
        }

        /// The names of the runs, the oldest first.
        func runs() async throws -> [String] {
            let list = try await place.psrun(["list", "--format", "json"])
            return list.output.split(separator: "\"").map(String.init).filter {
                $0.contains("-night-") && !$0.contains("/")
            }
        }
    }

    @Test("A line that may have run holds its target until it is asked for by name, and then runs once more")
    func unknownLine() async throws {
        let night = try await KilledNight(["--step-timeout", "2s"])
        let held = try await night.place.psrun(["resume", "last"])
        #expect(held.ending == .exited(1), "\(held)")
        #expect(held.errors.contains("localhost: line 3 may have run in "), "\(held)")
        #expect(held.errors.contains("--repeat-unknown 'localhost:3'"), "\(held)")
        #expect(try night.traces() == ["1", "2", "3"])
        for wrong in ["web01", "localhost:2", "localhost:4"] {
            let refused = try await night.place.psrun(["resume", "last", "--repeat-unknown", wrong])
            #expect(refused.ending == .exited(2), "\(refused)")
        }
        let dry = try await night.place.psrun(["resume", "last", "-n", "--repeat-unknown", "localhost"])
        #expect(dry.output.hasPrefix("localhost: line 3 once more, which may have run in "), "\(dry)")
        try night.edit()
        // By the recorded limit the line is stopped, which leaves it in doubt.
        let again = try await night.place.psrun(["resume", "last", "--repeat-unknown", "localhost:3"])
        #expect(again.ending == .exited(124), "\(again)")
        #expect(again.errors.contains("night.sh has changed since "), "\(again)")
        #expect(again.errors.contains("variables, functions and current folders of the old ones are gone"), "\(again)")
        #expect(try night.traces() == ["1", "2", "3", "3"])
        let still = try await night.place.psrun(["resume", "last"])
        #expect(still.ending == .exited(1) && still.errors.contains("line 3 may have run"), "\(still)")
    }

    @Test("A run that continues another says so in list, show and verify, and which lines ran before")
    func told() async throws {
        let night = try await KilledNight()
        let options = ["--step-timeout", "1s", "--repeat-unknown", "all"]
        #expect(try await night.place.psrun(["resume", "last"] + options).ending == .exited(124))
        let runs = try await night.runs()
        let first = try #require(runs.first)
        let list = try await night.place.psrun(["list"])
        #expect(list.output.contains("CONTINUES") && list.output.contains("  \(first)\n"), "\(list)")
        let shown = try await night.place.psrun(["show", "last"])
        #expect(shown.output.contains("Continues  \(first)\n"), "\(shown)")
        #expect(
            shown.output.contains("echo 1 >>\(night.place.folder.path(of: "ran"))  [ran in \(first)]\n"),
            "\(shown)"
        )
        let verified = try await night.place.psrun(["verify", "--all"])
        #expect(verified.ending == .exited(6) && verified.output.contains("continues \(first)\n"), "\(verified)")
        let script = try await night.place.psrun(["verify", "--all", "--script"])
        let checked = try await ChildProgram.run(
            ["/bin/sh", try night.place.folder.write(script.output, to: "v.sh")],
            within: 60
        )
        #expect(checked.ending == .exited(6), "\(checked)")
        let twice = try await night.place.psrun(["resume", first])
        #expect(twice.ending == .exited(2) && twice.errors.contains("was continued by "), "\(twice)")
    }

    @Test("What is in progress, damaged, cut off or empty is not continued, and a whole run has nothing left")
    func refused() async throws {
        let place = try Workplace()
        let long = try place.start([try place.playbook("echo begun\nsleep 600\n", named: "long.sh")])
        for _ in 0..<1500 where try !long.outputSoFar().contains("begun\n") {
            try await Task.sleep(for: .milliseconds(10))
        }
        for verb in ["resume", "rerun"] {
            let running = try await place.psrun([verb, "last"])
            #expect(running.ending == .exited(75) && running.errors.contains("is still in progress"), "\(running)")
        }
        long.signal(SIGKILL)
        _ = try await long.outcome()
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: place.recordings).first { $0.contains("long") }
        )
        let journal = "\(place.recordings)/\(folder)/journal"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: journal)))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(filePath: journal))
        for _ in 0..<2 {
            let damaged = try await place.psrun(["resume", "last"])
            #expect(damaged.ending == .exited(1) && damaged.errors.contains("damaged"), "\(damaged)")
        }
        #expect(try await place.psrun([try place.playbook("echo well\n", named: "well.sh")]).ending == .exited(0))
        let whole = try await place.psrun(["resume", "well"])
        #expect(
            whole.ending == .exited(0) && whole.errors.contains("is whole: nothing of it is left to run"),
            "\(whole)"
        )
    }

    @Test(
        "Hosts that an interrupted run did not come to are run from the beginning, once; those that were stopped wait"
    )
    func interrupted() async throws {
        let site = try await Site(hosts: 6)
        let lines = ["echo 1 >>\"$RAN/$WHO\"", "echo 2 >>\"$RAN/$WHO\"; sleep 2", "echo 3 >>\"$RAN/$WHO\""]
        let playbook = try site.place.playbook(lines.joined(separator: "\n") + "\n", named: "fleet.sh")
        let run = try site.start([playbook, "-f", "2"])
        for _ in 0..<1500 where try !site.traces().values.contains(where: { $0.contains("2") }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        run.signal(SIGINT)
        #expect(try await run.outcome().ending == .exited(130))
        let resumed = try await site.place.psrun(["resume", "last"])
        #expect(resumed.ending == .exited(1), "\(resumed)")
        #expect(resumed.errors.contains("from the beginning"), "\(resumed)")
        for (host, traces) in try site.traces() {
            #expect(Set(traces).count == traces.count, "\(host): \(traces)")
        }
        let again = try await site.place.psrun(["resume", "last", "--repeat-unknown", "all"])
        #expect(again.ending == .exited(0), "\(again)")
        let traces = try site.traces()
        #expect(traces.count == 6 && traces.values.allSatisfy { Set($0) == ["1", "2", "3"] }, "\(traces)")
        #expect(traces.values.allSatisfy { $0.filter { $0 == "3" }.count == 1 }, "\(traces)")
        #expect(try await site.place.psrun(["resume", "last"]).ending == .exited(0))
    }

    @Test("rerun takes the hosts, options and playbook that are recorded, and says what has already run there")
    func rerun() async throws {
        let site = try await Site(hosts: 2)
        let playbook = try site.place.playbook("echo 1 >>\"$RAN/$WHO\"\ntest $WHO = web0\n", named: "some.sh")
        let run = try site.start([playbook, "--host", "db03", "--error-action", "Stop"])
        #expect(try await run.outcome().ending == .exited(5))
        try FileManager.default.removeItem(atPath: playbook)
        let failed = try await site.place.psrun(["rerun", "last", "--failed"])
        #expect(failed.ending == .exited(1), "\(failed)")
        #expect(failed.errors.contains("web1: 2 lines have already run there\n"), "\(failed)")
        #expect(try site.traces() == ["web0": ["1"], "web1": ["1", "1"]])
        let unreachable = try await site.place.psrun(["rerun", "last~1", "--unreachable"])
        #expect(
            unreachable.ending == .exited(4) && unreachable.errors.contains("db03: no line has run there yet"),
            "\(unreachable)"
        )
        let all = try await site.place.psrun(["rerun", "last~2", "--format", "json"])
        #expect(all.ending == .exited(5) && all.output.contains("\"target\":\"web0\""), "\(all)")
        #expect(try site.traces() == ["web0": ["1", "1"], "web1": ["1", "1", "1"]])
    }

    /// Hosts of one sshd with names of their own, and one that nobody listens at.
    private struct Site {
        let place: Workplace
        private let server: SSHServer
        private let options: [String]
        private let ran: String

        init(hosts: Int) async throws {
            place = try Workplace()
            ran = try place.folder.makeFolder("ran")
            let wrapper = try place.folder.wrapper(for: [BuiltProgram.path, "endpoint"])
            server = try await SSHServer(subsystems: ["powershell": wrapper], settings: ["AcceptEnv WHO RAN"])
            var lines = "Host db03\n  HostName 127.0.0.1\n  Port 1\n"
            for host in 0..<hosts {
                // A pattern's many names stay targets of their own, though they lead to one machine.
                lines += """
                    Host web\(host)*
                      HostName 127.0.0.1
                      Port \(server.port)
                      IdentityFile \(server.key)
                      UserKnownHostsFile \(server.knownHosts)
                      SetEnv WHO=web\(host) RAN=\(ran)

                    """
            }
            let configuration = try place.folder.write(lines, to: "ssh_config")
            options = ["--ssh-config", configuration] + (0..<hosts).flatMap { ["--host", "web\($0)"] }
        }

        func start(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProgram {
            try place.start(arguments + options, environment: environment)
        }

        /// What ran where.
        func traces() throws -> [String: [String]] {
            var traces: [String: [String]] = [:]
            for host in try FileManager.default.contentsOfDirectory(atPath: ran) {
                let bytes = try Data(contentsOf: URL(filePath: "\(ran)/\(host)"))
                traces[host] = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            }
            return traces
        }
    }

    @Test("What the environment had set is recorded with the run's options, secrets excepted, and counts once more")
    func configuredOptions() async throws {
        let place = try Workplace()
        let playbook = try place.playbook("echo in; sleep 2\necho out\n", named: "slow.sh")
        let first = try await place.psrun([playbook], environment: ["PSRUN_STEP_TIMEOUT": "300ms"])
        #expect(first.ending == .exited(124), "\(first)")
        // Nothing is set any more, and the recorded limit holds.
        let again = try await place.psrun(["rerun", "last"])
        #expect(again.ending == .exited(124), "\(again)")
        let secret = try await place.psrun([playbook], environment: ["PSRUN_REDACT": "hunter2"])
        #expect(secret.ending == .exited(0), "\(secret)")
        let refused = try await place.psrun(["rerun", "last"])
        #expect(refused.ending == .exited(2) && refused.errors.contains("Give --redact again"), "\(refused)")
    }

    @Test("What hosts had of their own is recorded as well, secrets excepted, and counts whatever files say by then")
    func settingsOfHosts() async throws {
        let site = try await Site(hosts: 2)
        let place = site.place
        try place.folder.makeFolder("psrun")
        let environment = ["XDG_CONFIG_HOME": place.folder.path]
        func configure(_ text: String) throws {
            try place.folder.write(text, to: "psrun/config.yaml", mode: 0o600)
        }
        try configure("step-timeout: 1h\nhosts:\n  web1: {step-timeout: 300ms, option: {SetEnv: WHO=own}}\n")
        let playbook = try place.playbook("echo $WHO; test $WHO != own || sleep 2\n", named: "p.sh")
        let first = try site.start([playbook, "--format", "json"], environment: environment)
        let ran = try await first.outcome()
        #expect(ran.ending == .exited(124) && ran.output.contains("own"), "\(ran)")
        try configure("hosts:\n  web0: {step-timeout: 1ms}\n")
        for _ in 0..<2 {
            let again = try await place.psrun(["rerun", "last", "--format", "json"], environment: environment)
            let outcomes = try again.report().targets.map(\.outcome)
            #expect(again.ending == .exited(124) && outcomes == ["ok", "timed_out"], "\(again)")
            #expect(again.output.contains("own"), "\(again)")
        }
        let longer = try await place.psrun(["rerun", "last", "--step-timeout", "1h"], environment: environment)
        #expect(longer.ending == .exited(0), "\(longer)")
        try configure("hosts:\n  web1: {password-command: echo hunter2}\n")
        let secret = try await site.start([playbook], environment: environment).outcome()
        #expect(secret.ending == .exited(0), "\(secret)")
        let refused = try await place.psrun(["rerun", "last"], environment: environment)
        #expect(refused.ending == .exited(2) && refused.errors.contains("Give --password-command again"), "\(refused)")
    }
}
