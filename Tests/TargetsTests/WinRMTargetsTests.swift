import Configuration
import ConfigurationFiles
import Files
import Fleet
import PSRunCommandLine
import PSRunTestSupport
import RecordingFormat
import Targets
import Testing
import WinRMParameters

/// Targets over WinRM, as a command line, a configuration and an inventory name them.
struct WinRMTargetsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ arguments: [String], _ text: String = "") throws -> (RunInvocation, HostSettings) {
        let reader = ConfigurationReader(.user, path: "/c.yaml", isTrusted: false) { $0 }
        let layer = try reader.read(try ConfigurationNode.read(Array(text.utf8), path: "/c.yaml"))
        guard case .open(let reading) = try readCommandLine(["x.ps1"] + arguments) else {
            throw TestSupportError("nothing is open")
        }
        let settings = HostSettings(ConfiguredSettings([layer]), reading, isInteractive: false)
        guard case .run(let run) = try reading.finish(with: settings.general.map(\.forReading)) else {
            throw TestSupportError("not a run")
        }
        return (run, settings)
    }

    private func selection(_ arguments: [String], _ text: String = "") throws -> TargetReader.Selection {
        let (run, settings) = try run(arguments, text)
        return try TargetReader.targets(of: run.targets, .standard, environment: [:], settings: settings)
    }

    private func shown(_ selection: TargetReader.Selection) -> [String] {
        selection.targets.map { "\($0.name) \($0.target.wayShown ?? "-")" }
    }

    @Test("Computers and addresses are targets by the names that were given")
    func computers() throws {
        #expect(
            shown(try selection(["-ComputerName", "srv[1-2],10.0.0.5", "-Credential", "op@A", "-Port", "80"])) == [
                "srv1 http://srv1/wsman, Negotiate as op@A", "srv2 http://srv2/wsman, Negotiate as op@A",
                "10.0.0.5 http://10.0.0.5/wsman, Negotiate as op@A",
            ]
        )
        #expect(
            shown(try selection(["-CU", "https://srv1", "-Authentication", "Kerberos"])) == [
                "https://srv1/wsman https://srv1/wsman, Kerberos"
            ]
        )
        let proxied = try selection(["-Cn", "srv1", "-UseSSL", "-SessionOption", "Proxy=http://[::1]:3128"])
        #expect(shown(proxied) == ["srv1 https://srv1:5986/wsman, Negotiate, through the proxy [::1]:3128"])
        guard case .object(let members)? = proxied.targets.first?.target.winRMRecord({ $0 }) else {
            Issue.record("no record")
            return
        }
        #expect(members.first { $0.key == "proxy" }?.value == .string("[::1]:3128"))
        let target = try #require(try selection(["-Cn", "srv1", "-UseSSL"]).targets.first)
        #expect(target.target.label == "srv1" && target.target.computerName == "srv1")
        #expect(target.target.winRM?.url.port == 5986)
    }

    @Test("What is configured for a host counts, but for SSH's port, and the command line goes before it")
    func configured() throws {
        let text = """
            port: 2222
            credential: all@A
            hosts:
              srv1: {use-ssl: true, credential: own@A, session-option: {Culture: de-DE}}
            """
        #expect(
            shown(try selection(["-Cn", "srv1,srv2"], text)) == [
                "srv1 https://srv1:5986/wsman, Negotiate as own@A", "srv2 http://srv2:5985/wsman, Negotiate as all@A",
            ]
        )
        #expect(
            shown(try selection(["-Cn", "srv1", "-Credential", "me@A", "-Port", "99"], text)) == [
                "srv1 https://srv1:99/wsman, Negotiate as me@A"
            ]
        )
        let culture = try selection(["-Cn", "srv1"], text).targets.first?.target.winRM?.options.culture
        #expect(culture == "de-DE")
    }

    @Test("Hosts of an inventory are what it says, over what is configured, with its password apart")
    func inventory() throws {
        let fleet = try folder.write(
            """
            w1 ansible_connection=winrm ansible_port=5985 ansible_user=op ansible_password=secret
            w2 ansible_connection=psrp ansible_host=10.0.0.2 ansible_psrp_auth=kerberos
            s1

            """,
            to: "fleet.ini"
        )
        let read = try selection(["-i", fleet, "--ca-file", "/ca.pem"], "port: 2222\nuse-ssl: true\n")
        #expect(
            shown(read) == [
                "w1 http://w1:5985/wsman, Negotiate (NTLM) as op", "w2 https://10.0.0.2:5986/wsman, Kerberos",
                "s1:2222 -",
            ]
                || shown(read).dropLast() == [
                    "w1 http://w1:5985/wsman, Negotiate (NTLM) as op", "w2 https://10.0.0.2:5986/wsman, Kerberos",
                ]
        )
        #expect(read.targets.map(\.password) == ["secret", nil, nil])
        #expect(read.targets.compactMap(\.target.winRM?.tls.trustFile) == ["/ca.pem", "/ca.pem"])
        #expect(read.targets[1].target.label == "w2")
    }

    @Test("What would show a password is refused for hosts of an inventory as well, with the host's name")
    func exposed() throws {
        let text = "w1 ansible_connection=winrm ansible_port=5985 ansible_user=op ansible_winrm_transport=basic\n"
        let fleet = try folder.write(text, to: "fleet.ini")
        let failure = #expect(throws: CommandFailure.self) { try selection(["-i", fleet]) }
        #expect(failure?.message.contains("w1: Basic authentication over http") == true)
        #expect(failure?.message.hasSuffix("(BasicAuthOverHttpNotSupported)") == true)
        #expect(try selection(["-i", fleet, "--allow-basic-over-http"]).targets.count == 1)
    }

    @Test("An error for a host of an inventory names the variables that set what it speaks of")
    func variables() throws {
        for (line, said) in [
            (
                "ansible_connection=winrm ansible_port=5985 ansible_user=op ansible_winrm_transport=basic",
                "In the inventory -UseSSL is ansible_winrm_scheme=https, -Authentication is ansible_winrm_transport."
            ),
            (
                "ansible_connection=psrp ansible_psrp_protocol=http ansible_user=op ansible_psrp_auth=credssp",
                "In the inventory -UseSSL is ansible_psrp_protocol=https, -Authentication is ansible_psrp_auth."
            ),
            (
                "ansible_connection=psrp ansible_psrp_auth=basic",
                "In the inventory -Credential is ansible_user, --password-file is ansible_password."
            ),
            (
                "ansible_connection=psrp ansible_psrp_protocol=http ansible_psrp_proxy=http://p:1",
                "In the inventory -UseSSL is ansible_psrp_protocol=https."
            ),
        ] {
            let fleet = try folder.write("w1 \(line)\n", to: "fleet.ini")
            let failure = #expect(throws: CommandFailure.self) { try selection(["-i", fleet]) }
            #expect(failure?.message.hasPrefix("-i: w1: ") == true)
            #expect(failure?.message.contains(said) == true, "\(failure?.message ?? "")")
        }
        // What is given as options is told of options.
        let failure = #expect(throws: CommandFailure.self) {
            try selection(["-Cn", "w1", "-Credential", "op", "-Authentication", "Basic"])
        }
        #expect(failure?.message.contains("ansible") == false)
    }

    @Test(
        "A target over WinRM is found again by what is recorded of it, without its password",
        arguments: [
            ["-Cn", "srv1", "-UseSSL", "-Port", "99", "-Credential", "op@A", "-SkipCACheck"],
            ["-CU", "https://srv1:1/a?b=c", "-AllowRedirection", "--redirect-to", "*.example.com"], ["-i"],
        ]
    )
    func recorded(arguments: [String]) throws {
        let text =
            "w1 ansible_connection=psrp ansible_user=op ansible_password=secret ansible_psrp_cert_validation=ignore\n"
        let all = arguments == ["-i"] ? ["-i", try folder.write(text, to: "fleet.ini")] : arguments
        let (run, settings) = try run(all)
        let target = try #require(
            try TargetReader.targets(of: run.targets, .standard, environment: [:], settings: settings).targets.first?
                .target
        )
        let place = try #require(RecordedTargets(.ssh, SSHChoices(), kinds: []).place(of: target))
        let read = RecordedPlace(try JSONValue(parsing: place.json.compact))
        #expect(!String(decoding: place.json.compact, as: UTF8.self).contains("secret"))
        #expect(RecordedTargets(.ssh, SSHChoices(), kinds: []).target(named: target.name, read) == target)
        // What is given now goes before.
        let given = try WSManParameters(texts: ["SkipCNCheck=true"])
        let changed = RecordedTargets(.ssh, SSHChoices(), kinds: [], winRM: given).target(named: target.name, read)
        #expect(changed?.winRM?.tls.checksName == false && changed?.winRM?.url == target.winRM?.url)
    }

    @Test("Hosts with settings of their own keep the limit of connecting, and those of the night")
    func limits() throws {
        let text = "hosts:\n  srv1: {user: op}\n"
        let own = try selection(["-Cn", "srv1", "--connecting-timeout", "7s"], text)
        #expect(own.kinds.map(\.run.connectingTimeout) == [.seconds(7)])
        let night = try selection(["-Cn", "srv1", "--cron"], text)
        #expect(night.kinds.map(\.run.connectingTimeout) == [RunInvocation.cronConnectingTimeout])
        #expect(night.kinds.map(\.run.limits.target) == [RunInvocation.cronTargetLimit])
    }
}
