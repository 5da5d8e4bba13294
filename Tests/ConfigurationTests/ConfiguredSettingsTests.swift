import Configuration
import PSRunCommandLine
import PSRunTestSupport
import Testing

/// Layers put together.
struct ConfiguredSettingsTests {
    private func settings(_ project: String, _ user: String, _ system: String = "") throws -> ConfiguredSettings {
        ConfiguredSettings([
            try layer(project, .project, isTrusted: true), try layer(user, .user), try layer(system, .system),
        ])
    }

    private func texts(
        _ settings: ConfiguredSettings,
        _ key: String,
        _ host: String? = nil,
        groups: Set<String> = []
    ) -> [String] {
        settings.values(for: host.map { ConfiguredHost(names: [$0], groups: groups) })
            .filter { $0.key == key }.flatMap(\.texts)
    }

    @Test("Of what two places set the first place counts, and what it leaves out the next one sets")
    func order() throws {
        let all = try settings("fanout: 1\n", "fanout: 2\nuser: u\n", "fanout: 3\nuser: s\nport: 7\n")
        #expect(texts(all, "fanout") == ["1"])
        #expect(texts(all, "user") == ["u"])
        #expect(texts(all, "port") == ["7"])
        #expect(all.values().map(\.layer) == [.project, .user, .system])
    }

    @Test("Settings that say the same thing give way together")
    func slots() throws {
        let all = try settings("ask-password: true\n", "password-file: f\nverbose: true\n", "quiet: true\n")
        #expect(texts(all, "ask-password") == ["true"])
        #expect(texts(all, "password-file") == [])
        #expect(texts(all, "verbose") == ["true"])
        #expect(texts(all, "quiet") == [])
    }

    @Test(
        "What the command line says takes away the settings that cannot go with it",
        arguments: [
            ("subsystem: foo", "--exec x", "subsystem"), ("exec: x", "--subsystem powershell", "exec"),
            ("live: true", "--format json", "live"), ("live: true", "--format nagios", "live"),
            ("format: json", "--live", "format"), ("format: nagios", "--exit-from-session", "format"),
            ("format: junit", "--cron", "format"), ("verbose: true", "--cron", "verbose"),
            ("debug: true", "--cron", "debug"), ("ask: true", "--cron", "ask"),
        ]
    )
    func contradictions(_ text: String, _ option: String, _ key: String) throws {
        let all = try settings("", text + "\n")
        let line = ["x.ps1", "--host", "h"] + option.split(separator: " ").map(String.init)
        guard case .open(let reading) = try readCommandLine(line) else { throw TestSupportError("\(line)") }
        let general = HostSettings(all, reading, isInteractive: true).general
        #expect(!general.contains { $0.key == key })
        _ = try reading.finish(with: general.map(\.forReading))
    }

    @Test("What can go with the command line stays")
    func noContradiction() throws {
        for (text, option, key) in [
            ("live: true", "--format text", "live"), ("format: json", "--exit-from-session", "format"),
            ("format: junit", "--cron --output o", "format"), ("quiet: true", "--cron", "quiet"),
        ] {
            let all = try settings("", text + "\n")
            let line = ["x.ps1", "--host", "h"] + option.split(separator: " ").map(String.init)
            guard case .open(let reading) = try readCommandLine(line) else { throw TestSupportError("\(line)") }
            let general = HostSettings(all, reading, isInteractive: true).general
            #expect(general.contains { $0.key == key }, "\(text), \(option)")
            _ = try reading.finish(with: general.map(\.forReading))
        }
    }

    @Test("A host's own subsystem or command stands in place of what all hosts have")
    func farSides() throws {
        let all = try settings("", "exec: x\nhosts: {h: {subsystem: s}, i: {exec: y}}\n", "subsystem: t\n")
        #expect(texts(all, "exec") == ["x"] && texts(all, "subsystem") == [])
        #expect(texts(all, "exec", "h") == [] && texts(all, "subsystem", "h") == ["s"])
        #expect(texts(all, "exec", "i") == ["y"])
    }

    @Test("A list stands in place of a later one; patterns of secrets and ssh_config's keywords add up")
    func lists() throws {
        let all = try settings(
            "option: [Compression=yes]\nredact: a\nanswer: {a: b}\n",
            "option: [Port=2, Compression=no]\nredact: [b, c]\nanswer: {c: d}\nhosts: {h: {option: {Tag: x}}}\n",
            "redact: d\nanswer: {e: f}\n"
        )
        #expect(texts(all, "answer") == ["a=b"])
        #expect(texts(all, "option") == ["Compression=yes", "Port=2", "Compression=no"])
        #expect(texts(all, "option", "h") == ["Compression=yes", "Tag=x", "Port=2", "Compression=no"])
        #expect(texts(all, "redact") == ["a", "b", "c", "d"])
        let line = ["x.ps1", "--redact", "e", "--option", "Port=3", "--answer", "g=h", "--host", "h"]
        guard case .open(let reading) = try readCommandLine(line) else { return }
        let general = HostSettings(all, reading, isInteractive: false).general
        guard case .run(let run) = try reading.finish(with: general.map(\.forReading)),
            case .ssh(_, let ssh) = run.targets
        else { return }
        #expect(run.redactions == ["e", "a", "b", "c", "d"])
        #expect(ssh.options.map(\.value) == ["3", "yes", "2", "no"])
        #expect(run.prompts.answers.map(\.pattern) == ["g"])
    }

    @Test("An empty list stands in place of another place's list as well")
    func emptyLists() throws {
        let all = try settings("answer: []\n", "answer: {a: b}\n")
        #expect(texts(all, "answer") == [])
        #expect(all.values().map(\.key) == ["answer"])
    }

    @Test(
        "Of the groups that hold a host the first that says something counts, then what is for all, then the next place"
    )
    func groups() throws {
        let all = try settings(
            "port: 9\n",
            """
            user: general
            hosts:
              'web[01-02]': {user: first}
              'web*': {user: second, subsystem: s}
              '@db': {user: third, port: 5}

            """
        )
        #expect(texts(all, "user", "web01") == ["first"])
        #expect(texts(all, "subsystem", "web01") == ["s"])
        #expect(texts(all, "user", "web09") == ["second"])
        #expect(texts(all, "user", "mail") == ["general"])
        #expect(texts(all, "user", "mail", groups: ["db"]) == ["third"])
        // The project's file goes before the user's, whatever group the user's has.
        #expect(texts(all, "port", "mail", groups: ["db"]) == ["9"])
    }

    @Test("The command line goes before every group")
    func commandLine() throws {
        let all = try settings("", "hosts: {'web*': {user: u, port: 5}}\n")
        guard case .open(let reading) = try readCommandLine(["x.ps1", "--host", "web01", "--user", "me"]) else {
            return
        }
        let hosts = HostSettings(all, reading, isInteractive: false)
        let kind = hosts.kind(of: ConfiguredHost(names: ["WEB01"]))
        let choices = try #require(try hosts.choices(of: kind))
        #expect(choices.ssh.userName == "me")
        #expect(choices.ssh.port == 5)
        #expect(try hosts.choices(of: hosts.kind(of: ConfiguredHost(names: ["mail"]))) == nil)
    }

    @Test("Nobody is asked by configuration alone where there is nobody")
    func ask() throws {
        let all = try settings("", "ask: true\n")
        guard case .open(let reading) = try readCommandLine(["x.ps1"]) else { return }
        #expect(HostSettings(all, reading, isInteractive: false).general.isEmpty)
        #expect(HostSettings(all, reading, isInteractive: true).general.map(\.key) == ["ask"])
    }

    @Test("A message that names an option nobody gave tells where it comes from")
    func explained() throws {
        let all = try settings("", "key-file: k\nhosts: {web: {password-file: p}}\n")
        guard case .open(let reading) = try readCommandLine(["x.ps1", "--host", "web"]) else { return }
        let hosts = HostSettings(all, reading, isInteractive: false)
        #expect(hosts.explaining("--key-file /c/k cannot.").hasSuffix(" (--key-file is set by /c.yaml:1:1.)"))
        #expect(
            hosts.explaining("--password-file /c/p cannot.").hasSuffix(" (--password-file is set by /c.yaml:2:15.)")
        )
        #expect(hosts.explaining("--fanout is odd.") == "--fanout is odd.")
    }
}
