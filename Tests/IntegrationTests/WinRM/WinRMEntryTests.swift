import PSRunTestSupport
import Testing

/// `-ComputerName`, `-ConnectionUri` and inventories' psrp and winrm, at a WSMan server that is not psrun's.
struct WinRMEntryTests {
    private let place: Workplace
    private static let user = #"DOMAIN\"# + WSManServer.user

    init() throws {
        place = try Workplace()
    }

    private func passwordFile() throws -> String {
        try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
    }

    /// What a login takes at every server of these tests.
    private func login(_ user: String = Self.user) throws -> [String] {
        ["-Credential", user, "--password-file", try passwordFile()]
    }

    @Test("A computer is entered over http, sealed; the recording knows the way back in, and no password")
    func computer() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let playbook = try place.playbook("cd /tmp\necho $PWD\nfalse\nexit 3\n", named: "p.sh")
        let way = ["-ComputerName", "localhost", "-Port", "\(server.port)"]
        let outcome = try await place.psrun([playbook, "--format", "json"] + way + login())
        let target = try outcome.onlyTarget()
        #expect(target.target == "localhost" && target.exitCode == 3, "\(outcome)")
        #expect(target.steps.map(\.outcome) == ["ok", "ok", "error", "error"], "\(outcome)")
        #expect(target.steps.dropFirst().first?.output == "/tmp\n", "\(outcome)")
        for phase in ["resolve", "tcp", "auth", "create", "psrp_open"] {
            #expect(target.phasesUs[phase] != nil, "\(phase): \(outcome)")
        }
        let again = try await place.psrun(["rerun", "last", "--format", "json"])
        #expect(try again.onlyTarget().exitCode == 3, "\(again)")
        let verified = try await place.psrun(["verify", "last"])
        #expect(verified.ending == .exited(0), "\(verified)")
    }

    @Test("By https a certificate is checked; by name and authority each, until somebody says otherwise")
    func https() async throws {
        let server = try await WSManServer(schemes: "basic", isTLS: true)
        let common = ["-c", "echo in", "-Authentication", "Basic", "--format", "json"] + (try login(WSManServer.user))
        let localhost = ["-ComputerName", "localhost", "-UseSSL", "-Port", "\(server.port)"]
        let refused = try await place.psrun(common + localhost)
        #expect(try refused.onlyTarget().phase == "tls", "\(refused)")
        #expect(try refused.onlyTarget().error?.code == "CertificateUntrusted", "\(refused)")
        for more in [["--ca-file", server.certificate], ["-SkipCACheck"]] {
            let entered = try await place.psrun(common + localhost + more)
            #expect(try entered.onlyTarget().steps.first?.output == "in\n", "\(entered)")
        }
        let address = ["-CU", "https://127.0.0.1:\(server.port)/wsman", "--ca-file", server.certificate]
        let entered = try await place.psrun(common + address)
        #expect(try entered.onlyTarget().target == "https://127.0.0.1:\(server.port)/wsman", "\(entered)")
        #expect(try entered.onlyTarget().steps.first?.output == "in\n", "\(entered)")
    }

    @Test("What shows a password is refused before anything connects, until it is allowed by name")
    func exposed() async throws {
        let server = try await WSManServer(schemes: "basic")
        let common =
            ["-c", "echo in", "-ComputerName", "localhost", "-Port", "\(server.port)", "-Authentication", "Basic"]
            + (try login(WSManServer.user))
        let refused = try await place.psrun(common)
        #expect(refused.ending == .exited(2) && refused.errors.contains("BasicAuthOverHttpNotSupported"), "\(refused)")
        let allowed = try await place.psrun(common + ["--allow-basic-over-http"])
        #expect(allowed.ending == .exited(0) && allowed.output.contains("in\n"), "\(allowed)")
    }

    @Test("Hosts of an inventory are entered as their variables say, and their passwords are seen nowhere")
    func inventory() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let hosts = """
            w1 ansible_host=localhost ansible_connection=winrm ansible_winrm_scheme=http ansible_winrm_transport=ntlm
            w2 ansible_host=127.0.0.1 ansible_connection=psrp ansible_psrp_protocol=http ansible_psrp_auth=ntlm

            [all:vars]
            ansible_port=\(server.port)
            ansible_user=\(Self.user)
            ansible_password=\(WSManServer.password)

            """
        let fleet = try place.folder.write(hosts, to: "fleet.ini")
        let told = try await place.psrun(["targets", "-i", fleet, "--format", "json"])
        #expect(told.output.contains("\"uri\": \"http://localhost:\(server.port)/wsman\""), "\(told)")
        let outcome = try await place.psrun(["-c", "echo '\(WSManServer.password)'", "-i", fleet, "--format", "json"])
        let targets = try outcome.report().targets
        #expect(targets.map(\.outcome) == ["ok", "ok"], "\(outcome)")
        for text in [told.output, outcome.output, outcome.errors] {
            #expect(!text.contains(WSManServer.password), "\(text)")
        }
    }

    @Test("A line that types a password which psrun holds shows it in no form of the results, for one host and several")
    func typedPassword() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let host = "ansible_host=localhost ansible_connection=psrp ansible_psrp_protocol=http ansible_psrp_auth=ntlm"
        let account = """
            [all:vars]
            ansible_port=\(server.port)
            ansible_user=\(Self.user)
            ansible_password=\(WSManServer.password)

            """
        let one = try place.folder.write("w1 \(host)\n\(account)", to: "one.ini")
        let two = try place.folder.write("w1 \(host)\nw2 \(host)\n\(account)", to: "two.ini")
        let ways = [
            ["-i", one], ["-i", two],
            ["-ComputerName", "localhost", "-Port", "\(server.port)"] + (try login()),
        ]
        for way in ways {
            for form in [
                [], ["--live"], ["--format", "json"], ["--format", "jsonl"], ["--format", "junit"], ["-v"], ["-Debug"],
            ] {
                let outcome = try await place.psrun(
                    ["-c", "echo 'the \(WSManServer.password) eats'; exit 3"] + way + form
                )
                let all = outcome.output + outcome.errors
                #expect(all.contains("eats"), "\(outcome)")
                #expect(!all.contains(WSManServer.password), "\(way) \(form): \(all)")
            }
        }
        let report = ["-c", "echo 'the \(WSManServer.password) eats'; exit 3", "-i", one, "--cron"]
        let night = try await place.psrun(report)
        #expect(!(night.output + night.errors).contains(WSManServer.password), "\(night)")
    }

    @Test("A service that says it is elsewhere is followed where that is allowed, and told of")
    func redirected() async throws {
        let server = try await WSManServer(schemes: "negotiate")
        func run(to host: String, _ more: String...) async throws -> ProgramOutcome {
            let there = "http://\(host):\(server.port)/wsman"
            let uri = "http://localhost:\(server.port)/wsman?id=\(host)&redirect=\(there)"
            return try await place.psrun(["-c", "echo in", "-CU", uri] + login() + more)
        }
        let refused = try await run(to: "localhost")
        #expect(refused.ending == .exited(4) && refused.errors.contains("-AllowRedirection"), "\(refused)")
        let followed = try await run(to: "localhost", "-AllowRedirection")
        #expect(followed.ending == .exited(0), "\(followed)")
        #expect(followed.errors.contains("redirected to the following URI: \"http://localhost:"), "\(followed)")
        let elsewhere = try await run(to: "127.0.0.1", "-AllowRedirection")
        #expect(elsewhere.ending == .exited(4) && elsewhere.errors.contains("--redirect-to 127.0.0.1"), "\(elsewhere)")
        let named = try await run(to: "127.0.0.1", "-AllowRedirection", "--redirect-to", "127.0.0.1")
        #expect(named.ending == .exited(0), "\(named)")
    }

    @Test("A dry run says what the run would say: files of authorities, thumbprints, passwords")
    func dryRun() async throws {
        let server = try await WSManServer(schemes: "basic", isTLS: true)
        let home = place.folder.path(of: "elsewhere")
        let noCertificate = try place.folder.write("nothing\n", to: "not.pem")
        let https = ["-c", "echo in", "-ComputerName", "localhost", "-UseSSL", "-Port", "\(server.port)"]
        let password = [
            "-Credential", WSManServer.user, "-Authentication", "Basic", "--password-file", try passwordFile(),
        ]
        let thumbprint = ["-CertificateThumbprint", String(repeating: "AB", count: 20)]
        let faults: [([String], [String])] = [
            (password + ["--ca-file", "/nonexistent/ca.pem"], ["/nonexistent/ca.pem", "--ca-file"]),
            (password + ["--ca-file", noCertificate], ["holds no certificate", "--ca-file"]),
            (thumbprint, ["\(home)/.config/psrun/certificates"]),
            (thumbprint + ["--certificate-store", place.folder.path], ["ABABAB"]),
            (
                ["-Credential", "op", "-Authentication", "Basic", "-SkipCACheck"],
                ["there is no password for op", "--password-file"]
            ),
        ]
        for (options, words) in faults {
            for dry in [["--dry-run"], []] {
                let outcome = try await place.psrun(https + options + dry, environment: ["HOME": home])
                #expect(outcome.ending == .exited(4), "\(outcome)")
                for word in words { #expect(outcome.errors.contains(word), "\(word): \(outcome)") }
                #expect(!outcome.errors.contains("SSL_CERT_FILE"), "\(outcome)")
            }
        }
        let well = try await place.psrun(https + password + ["--ca-file", server.certificate, "--dry-run"])
        #expect(well.ending == .exited(0) && well.errors.isEmpty, "\(well)")
        let clear = ["-c", "echo in", "-ComputerName", "localhost", "--dry-run", "-SkipCACheck", "--password-file"]
        let remarked = try await place.psrun(clear + [try passwordFile()])
        #expect(remarked.ending == .exited(0) && remarked.errors.contains("-SkipCACheck does nothing"), "\(remarked)")
        #expect(remarked.errors.contains("say whose it is with -Credential"), "\(remarked)")
        let followed = try await place.psrun([
            "-c", "echo in", "-ConnectionUri", "http://localhost/wsman", "--dry-run", "-SkipCACheck", "-SkipCNCheck",
            "-AllowRedirection",
        ])
        #expect(followed.ending == .exited(0) && !followed.errors.contains("nothing"), "\(followed)")
    }

    @Test(
        "Each redirection is one, whether it answers a login or the request for a shell",
        arguments: [301, 302, 303, 307, 308]
    )
    func redirections(_ status: Int) async throws {
        let server = try await WSManServer(schemes: "negotiate")
        for kind in ["redirect", "elsewhere"] {
            func run(to host: String, _ more: String...) async throws -> ProgramOutcome {
                let there = "http://\(host):\(server.port)/wsman"
                let uri = "http://localhost:\(server.port)/wsman?id=\(host)\(kind)&status=\(status)&\(kind)=\(there)"
                return try await place.psrun(["-c", "echo in", "-CU", uri] + login() + more)
            }
            let refused = try await run(to: "localhost")
            #expect(refused.ending == .exited(4) && refused.errors.contains("-AllowRedirection"), "\(refused)")
            #expect(refused.errors.contains("'http://localhost:\(server.port)/wsman'"), "\(refused)")
            let followed = try await run(to: "localhost", "-AllowRedirection")
            #expect(followed.ending == .exited(0) && followed.output.contains("in\n"), "\(followed)")
            let elsewhere = try await run(to: "127.0.0.1", "-AllowRedirection")
            #expect(elsewhere.ending == .exited(4), "\(elsewhere)")
            #expect(elsewhere.errors.contains("--redirect-to 127.0.0.1"), "\(elsewhere)")
        }
    }
}
