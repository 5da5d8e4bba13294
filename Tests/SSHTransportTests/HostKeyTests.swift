import Connections
import PSRunTestSupport
import Synchronization
import Testing

@testable import SSHTransport

/// What is done with a real sshd's host key.
struct HostKeyTests {
    private let fixture: SSHFixture
    private let files: TemporaryFolder

    init() async throws {
        fixture = try await SSHFixture()
        files = try TemporaryFolder()
    }

    private func options(_ lines: String, adding more: [String] = []) throws -> SSHOptions {
        let file = try files.write(lines, to: "known_hosts", mode: 0o600)
        var options = fixture.options()
        options.options = more + ["UserKnownHostsFile=\(file)", "GlobalKnownHostsFile=none"]
        return options
    }

    private func refusal(_ options: SSHOptions) async -> TransportError? {
        await #expect(throws: TransportError.self) { _ = try await fixture.echoes(options) }
    }

    private var name: String { "[127.0.0.1]:\(fixture.server.port)" }
    private var fingerprint: String {
        let words = fixture.server.hostKey.split(separator: " ").map(String.init)
        return PublicKey(algorithm: words[0], base64: words[1]).fingerprint
    }

    @Test("An unknown host key is refused with its fingerprint and the remedy")
    func anUnknownKeyIsRefusedWithItsFingerprintAndTheRemedy() async throws {
        let error = await refusal(try options(""))
        #expect(error?.code == .hostKeyUnknown)
        #expect(error?.phase == .hostKey)
        #expect(error?.message.contains(fingerprint) == true)
        #expect(error?.message.contains("ssh-keyscan -p \(fixture.server.port) 127.0.0.1 >> ") == true)
    }

    @Test("The remedy that is told makes the key known", arguments: [[], ["HostKeyAlias=the-alias"]])
    func theRemedyWorks(more: [String]) async throws {
        let options = try options("", adding: more)
        let message = try #require(await refusal(options)?.message)
        let remedy = try #require(message.firstMatch(of: /add it with `([^`]+)`/)?.1)
        let scan = try await ChildProgram.run(["/bin/sh", "-c", String(remedy)])
        #expect(scan.ending == .exited(0), "\(scan)")
        #expect(try await fixture.echoes(options))
    }

    @Test("accept-new remembers a new host key and takes no other after it")
    func acceptNewRemembersItAndTakesNoOther() async throws {
        var options = try options("# no line end")
        options.hostKeyCheck = .acceptNew
        #expect(try await fixture.echoes(options))
        let file = files.path(of: "known_hosts")
        #expect(try text(of: file) == "# no line end\n\(name) \(fixture.server.hostKey)\n")
        options.hostKeyCheck = .yes
        #expect(try await fixture.echoes(options))
    }

    @Test("accept-new writes a hashed name where HashKnownHosts asks for it")
    func acceptNewHashesWhereAsked() async throws {
        var options = try options("", adding: ["HashKnownHosts=yes"])
        options.hostKeyCheck = .acceptNew
        #expect(try await fixture.echoes(options))
        #expect(try text(of: files.path(of: "known_hosts")).hasPrefix("|1|"))
        options.hostKeyCheck = .yes
        #expect(try await fixture.echoes(options))
    }

    @Test("StrictHostKeyChecking no takes a new host key and remembers nothing")
    func noTakesItAndRemembersNothing() async throws {
        var options = try options("")
        options.hostKeyCheck = .no
        #expect(try await fixture.echoes(options))
        #expect(try text(of: files.path(of: "known_hosts")).isEmpty)
    }

    @Test("A changed host key is refused", arguments: [HostKeyCheck.yes, .acceptNew, .no])
    func aChangedKeyIsRefused(_ check: HostKeyCheck) async throws {
        let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
        var options = try options("# first\n\(name) \(other)\n")
        options.hostKeyCheck = check
        let error = await refusal(options)
        #expect(error?.code == .hostKeyChanged)
        #expect(error?.message.contains(fingerprint) == true)
        #expect(error?.message.contains("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU") == true)
        #expect(error?.message.contains(files.path(of: "known_hosts:2")) == true)
    }

    @Test("A revoked host key is refused")
    func aRevokedKeyIsRefused() async throws {
        let lines = "\(name) \(fixture.server.hostKey)\n@revoked * \(fixture.server.hostKey)\n"
        var options = try options(lines)
        options.hostKeyCheck = .no
        let error = await refusal(options)
        #expect(error?.code == .hostKeyRevoked)
        #expect(error?.message.contains(files.path(of: "known_hosts:2")) == true)
        #expect(error?.message.contains(fingerprint) == true)
    }

    @Test("A person is asked about an unknown host key and may refuse it")
    func aPersonIsAskedAndMayRefuse() async throws {
        let asked = Mutex<[UnknownHostKey]>([])
        var options = try options("")
        options.askAboutHostKey = { key in
            asked.withLock { $0.append(key) }
            return false
        }
        #expect(await refusal(options)?.code == .hostKeyUnknown)
        #expect(asked.withLock { $0.map(\.fingerprint) } == [fingerprint])
        options.askAboutHostKey = { _ in true }
        #expect(try await fixture.echoes(options))
        #expect(try text(of: files.path(of: "known_hosts")) == "\(name) \(fixture.server.hostKey)\n")
    }

    @Test("A host key that is known for the usual port counts at another")
    func aKeyKnownAtTheUsualPortWillDo() async throws {
        #expect(try await fixture.echoes(try options("127.0.0.1 \(fixture.server.hostKey)\n")))
    }

    @Test("HostKeyAlias names the host in known_hosts")
    func anAliasNamesTheHost() async throws {
        let options = try options("the-alias \(fixture.server.hostKey)\n", adding: ["HostKeyAlias=The-Alias"])
        #expect(try await fixture.echoes(options))
    }

    /// The server has two keys, the file a hashed line for the one that would not be asked for first.
    @Test("The server is asked for the type of key that is known")
    func theKeyTypeThatIsKnownIsAskedFor() async throws {
        let keys = try TemporaryFolder()
        let rsa = keys.path(of: "rsa")
        let outcome = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", rsa])
        #expect(outcome.ending == .exited(0))
        let fixture = try await SSHFixture(settings: ["HostKey \(rsa)"])
        let words = try text(of: "\(rsa).pub").split(separator: " ").map(String.init)
        let key = PublicKey(algorithm: words[0], base64: words[1])
        let file = files.path(of: "two_keys")
        for hashed in [false, true] {
            try files.write("", to: "two_keys", mode: 0o600)
            // A line of another host's makes ed25519 the type that hashed lines mostly have.
            for index in 0..<3 {
                let other = PublicKey(algorithm: "ssh-ed25519", base64: HostKeys.ed25519(index))
                try KnownHostsFile.append(name: "other\(index)", key: other, to: file, hashed: true)
            }
            try KnownHostsFile.append(
                name: "[127.0.0.1]:\(fixture.server.port)",
                key: key,
                to: file,
                hashed: hashed
            )
            var options = fixture.options()
            options.options = ["UserKnownHostsFile=\(file)", "GlobalKnownHostsFile=none"]
            #expect(try await fixture.echoes(options))
        }
    }
}
