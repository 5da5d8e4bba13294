import Connections
import Files
import Glibc
import PSRunTestSupport
import SSHTransport
import Synchronization
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
        let source = CredentialSource { request in
            if case .passphrase(let file) = request.need, file.hasSuffix("/locked_key") {
                return Secret(SSHServer.passphrase)
            }
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

    @Test("A key in a form that psrun cannot use is said, and the next one is tried")
    func unusableFormsAreSaid() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "pkcs8")
        let made = try await ChildProgram.run(["/usr/bin/openssl", "genpkey", "-algorithm", "ed25519", "-out", path])
        #expect(made.ending == .exited(0), "\(made)")
        let both = fixture.options(
            hasKey: false,
            adding: ["IdentityFile=\(path)", "IdentityFile=\(fixture.server.key)"]
        )
        #expect(try await fixture.echoes(both))
        let alone = await refusal(fixture.options(hasKey: false, adding: ["IdentityFile=\(path)"]))
        #expect(alone?.code == .keyFileUnusable)
        #expect(alone?.message.contains("Ed25519 in PKCS#8") == true)
    }

    @Test("A key file that is not there is said beside the server's refusal of another")
    func bothAreSaid() async throws {
        let lines = ["IdentityFile=/no/such/key", "IdentityFile=\(fixture.server.strangerKey)"]
        let error = await refusal(fixture.options(hasKey: false, adding: lines))
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("/no/such/key cannot be used") == true)
        #expect(error?.message.contains("was refused (tried: \(fixture.server.strangerKey))") == true)
    }

    @Test("A public key in place of a private one is said to be one")
    func publicKeysAreTold() async throws {
        let path = "\(fixture.server.key).pub"
        let error = await refusal(fixture.options(key: path))
        #expect(error?.message.contains("this is a public key. Name the file without .pub") == true)
        #expect(error?.message.contains("chmod") == false)
    }

    @Test("The mode of a key file counts where it is one's own", .enabled(if: getuid() == 0))
    func foreignKeyFiles() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try text(of: fixture.server.key), to: "key", mode: 0o640)
        #expect(await refusal(fixture.options(key: path))?.message.contains("chmod 600") == true)
        #expect(chown(path, 12_345, 0) == 0)
        #expect(try await fixture.echoes(fixture.options(key: path)))
    }

    // MARK: Locked keys and the agent

    @Test("The agent's copy of a key with a passphrase is used, and nobody is asked")
    func theAgentsCopy() async throws {
        let server = fixture.server
        let open = server.folder.path(of: "unlocked")
        try server.folder.write(try text(of: server.lockedKey), to: "unlocked", mode: 0o600)
        let unlocked = try await ChildProgram.run(
            ["/usr/bin/ssh-keygen", "-q", "-p", "-P", SSHServer.passphrase, "-N", "", "-f", open]
        )
        #expect(unlocked.ending == .exited(0), "\(unlocked)")
        let agent = try await Agent(keys: [server.strangerKey, open])
        let asked = Mutex(0)
        let source = CredentialSource { _ in
            asked.withLock { $0 += 1 }
            return nil
        }
        let folder = try TemporaryFolder()
        // One with its public half beside it, and one without.
        let lone = try folder.write(try text(of: server.lockedKey), to: "lone", mode: 0o600)
        for key in [server.lockedKey, lone] {
            let options = fixture.options(key: key, credentials: source)
            #expect(try await fixture.echoes(options, agentSocket: agent.socket))
        }
        #expect(asked.withLock { $0 } == 0)
        #expect(try server.log().matches(of: /Failed publickey/).isEmpty)
    }

    @Test("A passphrase is asked for as often as a password")
    func passphraseTries() async throws {
        let refusals = Mutex<[Int]>([])
        let source = CredentialSource { request in
            refusals.withLock { $0.append(request.refusals) }
            return Secret(request.refusals == 2 ? SSHServer.passphrase : "wrong")
        }
        #expect(try await fixture.echoes(fixture.options(key: fixture.server.lockedKey, credentials: source)))
        #expect(refusals.withLock { $0 } == [0, 1, 2])
    }

    @Test("Nothing is sent again that was refused: the agent does not offer a key file's key a second time")
    func nothingTwice() async throws {
        let agent = try await Agent(keys: [fixture.server.strangerKey])
        let options = fixture.options(key: fixture.server.strangerKey)
        #expect(await refusal(options, agentSocket: agent.socket)?.code == .authenticationFailed)
        #expect(try fixture.server.log().matches(of: /Failed publickey/).count == 1)
    }

    // MARK: Before anything connects

    @Test("What is wrong on this side is found without a connection")
    func checks() async throws {
        let server = fixture.server
        let folder = try TemporaryFolder()
        let wrong = CredentialSource.once { _ in Secret("wrong") }
        let cases: [(options: SSHOptions, word: String)] = [
            (fixture.options(key: "/no/such/key"), "there is no such file"),
            (fixture.options(key: "\(server.key).pub"), "this is a public key"),
            (fixture.options(key: server.lockedKey), "--passphrase-file"),
            (fixture.options(key: server.lockedKey, credentials: wrong), "the passphrase is wrong"),
            (fixture.options(adding: ["Prot=22"]), "ssh_config has no such keyword"),
            (fixture.options(adding: ["ServerAliveInterval=x"]), "x is not a valid value"),
            (fixture.options(adding: ["Ciphers=none-known"]), "psrun knows nothing that Ciphers names"),
        ]
        for (options, word) in cases {
            let error = await #expect(throws: TransportError.self) {
                try await fixture.environment(options).check([fixture.target()], hasPerson: false)
            }
            #expect(error?.message.contains(word) == true, "\(String(describing: error))")
        }
        try await fixture.environment(fixture.options()).check([fixture.target()], hasPerson: false)
        // A person may type the passphrase, and an agent may have what is locked or is not there.
        let locked = fixture.options(key: server.lockedKey)
        try await fixture.environment(locked).check([fixture.target()], hasPerson: true)
        let agent = try await Agent(keys: [server.key])
        try folder.write(try text(of: "\(server.key).pub"), to: "gone.pub")
        let gone = fixture.options(key: folder.path(of: "gone"))
        try await fixture.environment(gone, agentSocket: agent.socket).check([fixture.target()], hasPerson: false)
        #expect(try await fixture.echoes(gone, agentSocket: agent.socket))
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
