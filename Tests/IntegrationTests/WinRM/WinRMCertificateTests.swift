import PSRunTestSupport
import Testing

/// Clients' certificates, servers' certificates and proxies over https, through psrun as a program.
@Suite(.serialized)
struct WinRMCertificateTests {
    private let place: Workplace
    private let store: String

    init() throws {
        place = try Workplace()
        store = try place.folder.makeFolder("certificates")
    }

    /// Puts files of the test certificates into the store.
    private func keep(_ names: [String]) async throws {
        for name in names {
            let from = try await TestCertificates.path(name)
            let copied = try await ChildProgram.run(["/usr/bin/install", "-m", "600", from, "\(store)/\(name)"])
            #expect(copied.ending == .exited(0))
        }
    }

    /// As Windows shows it, in lower case and with blanks as well.
    private func thumbprint(of name: String) async throws -> String {
        let path = try await TestCertificates.path(name)
        let told = try await ChildProgram.run(
            ["/usr/bin/openssl", "x509", "-noout", "-fingerprint", "-sha1", "-in", path]
        )
        return told.output.split(separator: "=").last.map { String($0.filter { $0 != ":" && $0 != "\n" }) } ?? ""
    }

    private func run(_ more: [String]) async throws -> (outcome: ProgramOutcome, log: [WSManServer.Entry]) {
        let (port, server) = try await WinRMSite.shared.place(.https)
        let id = "c\(more.hashValue)"
        let computer = ["-ComputerName", "localhost", "-UseSSL", "-Port", "\(port)", "-ApplicationName", "wsman/\(id)"]
        let trust = ["--ca-file", try await TestCertificates.path("authority.pem")]
        let outcome = try await place.psrun(["-c", "echo in", "--format", "json"] + computer + trust + more)
        return (outcome, try server.log(of: id))
    }

    private func passphrase() throws -> [String] {
        let text = TestCertificates.passphrase + "\n"
        return ["--passphrase-file", try place.folder.write(text, to: "passphrase", mode: 0o600)]
    }

    @Test(
        "A certificate of the store logs in by its thumbprint, whatever it is kept in",
        arguments: [
            ["client.pem"], ["client.crt", "client.key"], ["client.p12"], ["client-open.p12"], ["client-locked.pem"],
            ["host.pem", "client.pem", "stranger.pem"],
        ]
    )
    func kept(_ names: [String]) async throws {
        try await keep(names)
        let print = try await thumbprint(of: "client.pem")
        let found = try await run(
            ["-CertificateThumbprint", print.lowercased(), "--certificate-store", store] + passphrase()
        )
        #expect(found.outcome.ending == .exited(0), "\(found.outcome)")
        #expect(
            Set(found.log.filter { $0.what.hasPrefix("login") }.map(\.what)) == ["login: certificate"],
            "\(found.log)"
        )
    }

    @Test("A thumbprint that nothing in the store has is told, with what is there")
    func missing() async throws {
        try await keep(["stranger.pem"])
        let found = try await run(
            ["-CertificateThumbprint", String(repeating: "AB", count: 20), "--certificate-store", store]
        )
        let target = try found.outcome.onlyTarget()
        #expect(target.error?.code == "CertificateNotFound" && target.phase == "tls", "\(found.outcome)")
        #expect(target.error?.message.contains(store) == true, "\(found.outcome)")
        #expect(found.log.isEmpty)
    }

    @Test("A certificate that the server does not know is refused there, and told")
    func stranger() async throws {
        try await keep(["stranger.pem"])
        let print = try await thumbprint(of: "stranger.pem")
        let found = try await run(["-CertificateThumbprint", print, "--certificate-store", store])
        #expect(found.outcome.ending == .exited(4), "\(found.outcome)")
        #expect(try found.outcome.onlyTarget().error?.message.contains("certificate") == true, "\(found.outcome)")
        #expect(!found.log.contains { $0.what == "came" })
    }

    @Test("A certificate is not shown over http, nor beside a user")
    func elsewhere() async throws {
        let print = String(repeating: "AB", count: 20)
        let plain = try await place.psrun(["-c", "echo", "-ComputerName", "localhost", "-CertificateThumbprint", print])
        #expect(plain.ending == .exited(2) && plain.errors.contains("within https alone"), "\(plain)")
        let both = try await run(["-CertificateThumbprint", print, "-Credential", "op"])
        #expect(both.outcome.ending == .exited(2) && both.outcome.errors.contains("-CertificateThumbprint"), "\(both)")
    }

    // MARK: Proxies

    private var basic: [String] {
        get throws {
            let file = try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
            return ["-Authentication", "Basic", "-Credential", "op", "--password-file", file]
        }
    }

    @Test("A proxy is asked where somebody names it, and nowhere else")
    func proxied() async throws {
        let proxy = try await ConnectProxy("open")
        let address = "http://127.0.0.1:\(proxy.port)"
        let variables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        let (port, _) = try await WinRMSite.shared.place(.https)
        let way = ["-c", "echo in", "-ComputerName", "localhost", "-UseSSL", "-Port", "\(port)", "-SkipCACheck"]
        let unasked = try await place.psrun(
            way + basic,
            environment: Dictionary(uniqueKeysWithValues: variables.map { ($0, address) })
        )
        #expect(unasked.ending == .exited(0) && proxy.log.isEmpty, "\(unasked)")
        let asked = try await place.psrun(way + basic + ["-SessionOption", "Proxy=\(address)"])
        #expect(asked.ending == .exited(0), "\(asked)")
        #expect(Set(proxy.log) == ["CONNECT localhost:\(port) HTTP/1.1"])
    }

    @Test("A proxy that does not connect is told with its answer", arguments: ["403", "407", "502"])
    func refusing(_ status: String) async throws {
        let proxy = try await ConnectProxy(status)
        let found = try await run(try basic + ["-SessionOption", "Proxy=127.0.0.1:\(proxy.port)"])
        let target = try found.outcome.onlyTarget()
        #expect(target.error?.code == "ProxyRefused" && target.phase == "proxy", "\(found.outcome)")
        let message = target.error?.message ?? ""
        #expect(message.contains("127.0.0.1:\(proxy.port)") && message.contains(status), "\(message)")
        if status == "407" { #expect(message.contains("wants a login"), "\(message)") }
        #expect(found.log.isEmpty)
    }

    @Test("Nothing of a password goes to another scheme that a server names, unless that is named as well")
    func otherScheme() async throws {
        let (port, _) = try await WinRMSite.shared.place(.http)
        let (securePort, secure) = try await WinRMSite.shared.place(.https)
        func run(_ id: String, _ more: String...) async throws -> ProgramOutcome {
            let there = "https://localhost:\(securePort)/wsman/\(id)"
            let uri = "http://localhost:\(port)/wsman?id=\(id)&redirect=\(there)"
            let file = try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
            let login = ["-Credential", "op", "--password-file", file, "-AllowRedirection", "-SkipCACheck"]
            return try await place.psrun(["-c", "echo in", "-ConnectionUri", uri] + login + more)
        }
        let refused = try await run("scheme-1")
        #expect(refused.ending == .exited(4) && refused.errors.contains("another host or scheme"), "\(refused)")
        #expect(try secure.log(of: "scheme-1").isEmpty)
        let named = try await run("scheme-2", "--redirect-to", "https://localhost")
        #expect(named.ending == .exited(0), "\(named)")
        #expect(try secure.log(of: "scheme-2").contains { $0.what == "login: negotiate ntlm" })
    }
}
