import Connections
import Glibc
import PSRunTestSupport
import SSHTransport
import Testing

struct AuthenticationTests {
    private let fixture: SSHFixture

    init() async throws {
        fixture = try await SSHFixture()
    }

    private func refusal(_ options: SSHOptions, agentSocket: String? = nil) async -> TransportError? {
        await #expect(throws: TransportError.self) {
            _ = try await fixture.echoes(options, agentSocket: agentSocket)
        }
    }

    // MARK: Key files

    /// OpenSSH's format, PEM and PKCS#8, each type that is in use.
    @Test(
        "A key logs in",
        arguments: [["ed25519"], ["rsa"], ["ecdsa"], ["rsa", "-m", "PEM"], ["ecdsa", "-m", "PKCS8"]]
    )
    func aKeyLogsIn(_ kind: [String]) async throws {
        let key = fixture.server.folder.path(of: "key_\(kind.joined())")
        let outcome = try await ChildProgram.run(
            ["/usr/bin/ssh-keygen", "-q", "-t", kind[0], "-N", "", "-f", key] + kind.dropFirst()
        )
        #expect(outcome.ending == .exited(0))
        try fixture.server.folder.write(try text(of: "\(key).pub"), to: "authorized_keys")
        #expect(try await fixture.echoes(fixture.options(key: key)))
    }

    @Test("A relative key file is looked for from the working folder")
    func aRelativeKeyFileIsMadeAbsolute() async throws {
        let server = fixture.server
        let facts = SSHEnvironment.Facts(home: "/nonexistent", user: "nobody", currentFolder: server.folder.path)
        let environment = SSHEnvironment(options: fixture.options(key: "key"), facts: facts, warn: { _ in })
        #expect(try await makeTransport(to: fixture.target(), environment).echoes())
    }

    @Test("A passphrase comes from the credential source")
    func aPassphraseComesFromTheCredentialSource() async throws {
        let source = CredentialSource { need in
            if case .passphrase(let file) = need, file.hasSuffix("/locked_key") { return Secret(SSHServer.passphrase) }
            return nil
        }
        #expect(try await fixture.echoes(fixture.options(key: fixture.server.lockedKey, credentials: source)))
    }

    @Test("A missing or wrong passphrase is an error that names its key")
    func aMissingOrWrongPassphraseIsNamed() async throws {
        let without = await refusal(fixture.options(key: fixture.server.lockedKey))
        #expect(without?.code == .keyFileUnusable)
        #expect(without?.message.contains("it has a passphrase") == true)
        let wrong = CredentialSource { _ in Secret("wrong") }
        let error = await refusal(fixture.options(key: fixture.server.lockedKey, credentials: wrong))
        #expect(error?.code == .keyFileUnusable)
        #expect(error?.message.contains("the passphrase is wrong") == true)
    }

    @Test("A key that the server does not take is tried once")
    func aWrongKeyIsRefusedOnce() async throws {
        let error = await refusal(fixture.options(key: fixture.server.strangerKey))
        #expect(error?.code == .authenticationFailed)
        #expect(error?.phase == .auth)
        #expect(error?.message.contains(fixture.server.strangerKey) == true)
        #expect(try fixture.server.log().matches(of: /Failed publickey/).count == 1)
    }

    @Test("A key file that cannot be used is named")
    func unusableKeyFilesAreNamed() async throws {
        let folder = try TemporaryFolder()
        let open = try folder.write(try text(of: fixture.server.key), to: "open", mode: 0o644)
        let cases: [(file: String, reason: String)] = [
            (folder.path(of: "none"), "there is no such file"), (folder.path, "it is not a regular file"),
            (try folder.write("text", to: "text", mode: 0o600), "it is not a supported private key"),
            (open, "chmod 600 \(open)"),
        ]
        for (file, reason) in cases {
            let error = await refusal(fixture.options(key: file))
            #expect(error?.code == .keyFileUnusable)
            #expect(error?.message.contains(file) == true)
            #expect(error?.message.contains(reason) == true)
        }
    }

    // MARK: Certificates

    @Test("A certificate beside its key logs in")
    func aCertificateBesideItsKeyLogsIn() async throws {
        #expect(try await fixture.echoes(fixture.options(key: fixture.server.certifiedKey)))
    }

    @Test("A certificate file that is named logs in")
    func aCertificateFileLogsIn() async throws {
        let folder = try TemporaryFolder()
        let key = try folder.write(try text(of: fixture.server.certifiedKey), to: "k", mode: 0o600)
        #expect(await refusal(fixture.options(key: key))?.code == .authenticationFailed)
        let certificate = try folder.write(try text(of: "\(fixture.server.certifiedKey)-cert.pub"), to: "c.pub")
        #expect(try await fixture.echoes(fixture.options(key: key, adding: ["CertificateFile=\(certificate)"])))
        // One that is not there is passed over, and so is another key's.
        #expect(try await fixture.echoes(fixture.options(adding: ["CertificateFile=/nonexistent"])))
        let other = fixture.options(adding: ["CertificateFile=\(certificate)"])
        #expect(try await fixture.echoes(other))
    }

    // MARK: The agent

    @Test("A key of the agent logs in")
    func theAgentLogsIn() async throws {
        let agent = try await Agent(keys: [fixture.server.strangerKey, fixture.server.key])
        #expect(try await fixture.echoes(fixture.options(hasKey: false), agentSocket: agent.socket))
        #expect(try await fixture.echoes(fixture.options(hasKey: false, adding: ["IdentityAgent=\(agent.socket)"])))
        let none = fixture.options(hasKey: false, adding: ["IdentityAgent=none"])
        #expect(await refusal(none, agentSocket: agent.socket)?.code == .authenticationFailed)
    }

    @Test("IdentitiesOnly keeps the agent's other keys back")
    func identitiesOnlyKeepsOtherKeysBack() async throws {
        let agent = try await Agent(keys: [fixture.server.strangerKey, fixture.server.key])
        let folder = try TemporaryFolder()
        let named = try folder.write(try text(of: "\(fixture.server.key).pub"), to: "id.pub", mode: 0o600)
        let options = fixture.options(
            hasKey: false,
            adding: ["IdentitiesOnly=yes", "IdentityFile=\(named.dropLast(4))"]
        )
        #expect(try await fixture.echoes(options, agentSocket: agent.socket))
        #expect(try fixture.server.log().matches(of: /Failed publickey/).isEmpty)
        let other = fixture.options(
            hasKey: false,
            adding: ["IdentitiesOnly=yes", "IdentityFile=\(fixture.server.strangerKey)"]
        )
        #expect(await refusal(other, agentSocket: agent.socket)?.code == .authenticationFailed)
    }

    @Test("An agent that does not answer at its socket is passed over")
    func anAgentThatIsNotThereIsPassedOver() async throws {
        let options = fixture.options(hasKey: false, adding: ["IdentityFile=\(fixture.server.key)"])
        #expect(try await fixture.echoes(options, agentSocket: "/nonexistent/agent"))
    }

    // MARK: What is tried

    @Test("The default identities are tried")
    func theDefaultIdentitiesAreTried() async throws {
        let home = fixture.server.folder
        try home.makeFolder(".ssh")
        try home.write(try text(of: fixture.server.strangerKey), to: ".ssh/id_rsa", mode: 0o600)
        try home.write(try text(of: fixture.server.key), to: ".ssh/id_ed25519", mode: 0o600)
        #expect(try await fixture.echoes(fixture.options(hasKey: false)))
    }

    @Test("A target with nothing to log in with is an error that says what there could be")
    func nothingToLogInWith() async throws {
        let error = await refusal(fixture.options(hasKey: false))
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("nothing to log in with was found") == true)
    }

    @Test("A secret is never shown, not even in a debugger's words")
    func aSecretIsNeverShown() {
        let secret = Secret("hunter2")
        #expect("\(secret) \(String(reflecting: secret)) \([secret])" == "<secret> <secret> [<secret>]")
        var text = ""
        dump(secret, to: &text)
        #expect(!text.contains("hunter2"))
        #expect(secret.withCString { String(cString: $0) } == "hunter2")
        #expect(secret.withBytes { Array($0) } == Array("hunter2".utf8))
    }
}
