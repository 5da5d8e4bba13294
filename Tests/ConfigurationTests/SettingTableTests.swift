import PSRunCommandLine
import Testing

/// Which options of a run are settings.
struct SettingTableTests {
    private static let options = VerbDefinition.of(.run).options

    @Test("Every option of a run is a setting, or there is a reason why it is not")
    func nothingIsForgotten() {
        let keys = Set(Setting.all.map(\.key))
        for option in Self.options {
            let reason = Setting.refusal(of: option)
            let isSetting = option.long.map(keys.contains) ?? false
            #expect(isSetting == (reason == nil), "\(option.name): \(reason ?? "no reason")")
        }
        #expect(Setting.all.count > 35)
    }

    @Test("A key, its variable and its option have one name")
    func names() {
        for setting in Setting.all {
            #expect(setting.option.long == setting.key)
            #expect(setting.variable == "PSRUN_" + setting.key.uppercased().map { $0 == "-" ? "_" : "\($0)" }.joined())
            #expect(Setting.of(key: setting.key)?.key == setting.key)
        }
        #expect(Set(Setting.all.map(\.variable)).count == Setting.all.count)
    }

    /// A value that an option takes.
    static func sample(_ setting: Setting) -> [String] {
        switch setting.option.value.placeholder {
        case nil: ["true"]
        case "N", "PORT": ["7"]
        case "TIME": ["9s"]
        case "KEY=VALUE" where setting.key == "session-option": ["Culture=de-DE", "OperationTimeout=7000"]
        case "KEY=VALUE": ["Compression=yes", "ServerAliveInterval=7"]
        case "HEX": [String(repeating: "0A", count: 20)]
        case "REGEX=TEXT", "REGEX=FILE": ["a=/b", "c=/d"]
        case "WHEN" where setting.key == "retain-until": ["90d"]
        case "FILE" where setting.key == "metrics-file": ["/x/y.prom"]
        case "FILE", "DIR": ["/x/y"]
        default:
            if case .words(let words) = setting.option.value.completion { [words.last ?? ""] } else { ["x"] }
        }
    }

    /// What goes with computers that are entered over WinRM.
    private static let ofWinRM = [
        "use-ssl", "authentication", "certificate-thumbprint", "certificate-store", "application-name",
        "session-option",
        "skip-ca-check", "skip-cn-check", "ca-file", "enable-network-access", "allow-redirection", "redirect-to",
        "allow-ntlm", "allow-basic-over-http", "allow-credssp-over-http", "credential",
    ]

    /// A target that an option can go with.
    private static func target(of key: String) -> [String] {
        switch key {
        case "container-engine", "run-as-administrator", "configuration-name": ["--container-id", "app"]
        case "hypervisor": ["--vm-name", "db", "--credential", "op"]
        case "allow-redirection": ["--connection-uri", "https://srv01"]
        case "redirect-to": ["--connection-uri", "https://srv01", "--allow-redirection"]
        case let key where ofWinRM.contains(key): ["--computer-name", "srv01"]
        default: ["--host", "web01"]
        }
    }

    @Test("A setting does what its option does", arguments: Setting.all.map(\.key))
    func same(key: String) throws {
        let setting = try #require(Setting.of(key: key))
        let texts = Self.sample(setting)
        let line = ["x.ps1"] + Self.target(of: key)
        let limit = key == "inventory" ? ["--limit", "a"] : []
        let isSwitch = setting.option.value.isSwitch
        let given = texts.flatMap { isSwitch ? ["--\(key)"] : ["--\(key)", $0] }
        let byOption = try bind(arguments: line + given + limit)
        guard case .open(let reading) = try readCommandLine(line + limit) else {
            Issue.record("a run leaves something open")
            return
        }
        let value = SettingValue(key: key, texts: texts, place: "f:1:1")
        #expect(try reading.finish(with: [value]) == byOption)
        if key != "inventory" { #expect(try bind(arguments: line + limit) != byOption) }
    }

    @Test("What one verb calls a setting, and does not mean by it, is left alone")
    func otherVerbs() throws {
        for (line, keys) in [
            (["list"], ["recordings"]), (["recover"], ["recordings", "sign-key", "head-to-syslog"]),
            (
                ["targets", "--host", "a"],
                ["inventory", "user", "port", "ssh-config", "configuration-name"] + Self.ofWinRM
            ),
        ] {
            guard case .open(let reading) = try readCommandLine(line) else {
                Issue.record("\(line) leaves something open")
                return
            }
            #expect(Set(reading.settings.map(\.key)) == Set(keys), "\(line)")
        }
        for line in [["help"], ["endpoint"], ["config", "show"], ["manual"], ["completions", "bash"], ["version"]] {
            guard case .whole = try readCommandLine(line) else {
                Issue.record("\(line) reads no configuration")
                return
            }
        }
    }

    @Test("A configured inventory is what --limit limits, and selects nothing by itself")
    func inventory() throws {
        let value = SettingValue(key: "inventory", texts: ["/f"], place: "f:1:1")
        let sources = { (arguments: [String]) -> [HostSource] in
            guard case .open(let reading) = try readCommandLine(["x.ps1"] + arguments),
                case .run(let run) = try reading.finish(with: [value])
            else { return [] }
            if case .ssh(let hosts, _) = run.targets { return hosts.sources } else { return [] }
        }
        #expect(try sources([]) == [])
        #expect(try sources(["--limit", "web"]) == [.inventory("/f")])
        #expect(try sources(["--limit", "web", "-i", "own"]) == [.inventory("own")])
    }
}
