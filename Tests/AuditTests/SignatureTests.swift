import Audit
import Glibc
import PSRunTestSupport
import Recording
import Testing

/// Signatures that stock OpenSSH makes and checks.
@Suite struct SignatureTests {
    private static let signed = Array("what was signed\n".utf8)
    private static let seconds: Int64 = 1_795_312_800

    private static func check(
        _ signature: [UInt8],
        _ keys: SigningKeys,
        bytes: [UInt8] = signed,
        principal: String? = nil,
        at seconds: Int64 = seconds
    ) throws -> SignatureStatus {
        try SSHSignature.check(
            signature,
            of: bytes,
            signers: AllowedSigners(file: keys.allowedSigners, principal: principal),
            at: seconds,
            environment: keys.environment
        )
    }

    private static func key(_ file: String, _ environment: [String: String]) -> SSHSigningKey {
        SSHSigningKey(file: file, environment: environment)
    }

    @Test("A signature of an allowed signer counts")
    func anAllowedSignersSignatureCounts() async throws {
        let keys = try await SigningKeys()
        let key = Self.key(keys.privateKey, keys.environment)
        try await key.tryOut()
        let signature = try key.sign(Self.signed)
        guard case .trusted("auditor", let name) = try Self.check(signature, keys) else {
            Issue.record("an allowed signer's signature does not count")
            return
        }
        #expect(name.hasPrefix("ED25519 key SHA256:"))
        #expect(try Self.check(signature, keys, principal: "auditor") == .trusted(principal: "auditor", key: name))
        guard case .untrusted(name, _) = try Self.check(signature, keys, principal: "another") else {
            Issue.record("another principal's counts")
            return
        }

        // The same by hand.
        try keys.folder.write(signature, to: "sig")
        try keys.folder.write(Self.signed, to: "signed")
        let verify = "ssh-keygen -Y verify -f allowed -I auditor -n psrun-recording -s sig <signed"
        #expect(try await shell(verify, in: keys.folder.path).ending == .exited(0))
    }

    @Test("A signature of anybody else does not count, and its key is named")
    func anybodyElsesDoesNotAndTheKeyIsNamed() async throws {
        let keys = try await SigningKeys()
        let others = try await SigningKeys()
        let signature = try Self.key(others.privateKey, others.environment).sign(Self.signed)
        guard case .untrusted(let name, let words) = try Self.check(signature, keys) else {
            Issue.record("anybody's signature counts")
            return
        }
        #expect(name.contains("SHA256:"))
        #expect(!words.isEmpty)
        let unnamed = try SSHSignature.check(
            signature,
            of: Self.signed,
            signers: nil,
            at: Self.seconds,
            environment: keys.environment
        )
        guard case .untrusted(name, _) = unnamed else {
            Issue.record("\(unnamed)")
            return
        }
    }

    @Test("Other bytes or another signature are bad")
    func otherBytesOrAnotherSignatureAreBad() async throws {
        let keys = try await SigningKeys()
        let signature = try Self.key(keys.privateKey, keys.environment).sign(Self.signed)
        try keys.folder.write(Self.signed, to: "other")
        _ = try await shell("ssh-keygen -Y sign -q -n other -f key other", in: keys.folder.path)
        let otherNamespace = try contents(of: keys.folder.path(of: "other.sig"))
        for (bytes, signature) in [
            (Self.signed + [0x0A], signature), (Self.signed, []), (Self.signed, Array("no signature".utf8)),
            (Self.signed, otherNamespace),
        ] {
            guard case .bad(let words) = try Self.check(signature, keys, bytes: bytes) else {
                Issue.record("taken for good")
                continue
            }
            #expect(!words.isEmpty)
        }
    }

    @Test("A key that was not valid at that time does not count")
    func aKeyThatWasNotValidThenDoesNotCount() async throws {
        let keys = try await SigningKeys(options: "valid-before=\"20261122Z\"")
        let signature = try Self.key(keys.privateKey, keys.environment).sign(Self.signed)
        guard case .untrusted(_, let words) = try Self.check(signature, keys) else {
            Issue.record("an expired key counts")
            return
        }
        #expect(words.contains("expired"))
        guard case .trusted = try Self.check(signature, keys, at: Self.seconds - 86_400) else {
            Issue.record("it was valid the day before")
            return
        }
    }

    @Test("An agent signs where only the public key is given")
    func anAgentSignsForAPublicKey() async throws {
        let keys = try await SigningKeys(passphrase: "long enough")
        let socket = keys.folder.path(of: "agent")
        let agent = try ChildProgram(["/usr/bin/ssh-agent", "-D", "-a", socket])
        defer { agent.signal(SIGTERM) }
        let environment = keys.environment.merging(["SSH_AUTH_SOCK": socket]) { _, new in new }
        let askpass = "printf '#!/bin/sh\\necho long enough\\n' >askpass; chmod 700 askpass; "
        let add = "for i in 1 2 3 4 5 6 7 8 9; do [ -S agent ] && break; sleep 0.2; done; "
        let added = try await shell(
            askpass + add + "SSH_ASKPASS=$PWD/askpass SSH_ASKPASS_REQUIRE=force ssh-add -q key </dev/null; rm key",
            in: keys.folder.path,
            environment: environment
        )
        #expect(added.ending == .exited(0), "\(added)")
        let signature = try Self.key(keys.publicKey, environment).sign(Self.signed)
        guard case .trusted("auditor", _) = try Self.check(signature, keys) else {
            Issue.record("an agent's signature does not count")
            return
        }
    }

    @Test("A key that cannot sign is named in OpenSSH's words")
    func aKeyThatCanNotSignIsNamedInOpenSSHsWords() async throws {
        let locked = try await SigningKeys(passphrase: "long enough")
        let keys = try await SigningKeys()
        try keys.folder.write("no key\n", to: "text")
        let files = [
            (locked.privateKey, "passphrase"), (keys.folder.path(of: "missing"), "No such file"),
            (keys.folder.path(of: "text"), ""),
        ]
        for (file, words) in files {
            let error = await #expect(throws: RecordingError.self) {
                try await Self.key(file, keys.environment).tryOut()
            }
            #expect(error?.code == .signing)
            #expect(error?.message.contains(file) == true)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("--sign-key") == true)
        }
    }

    @Test("An agent that never answers is not waited for")
    func anAgentThatNeverAnswersIsNotWaitedFor() async throws {
        let keys = try await SigningKeys()
        let socket = keys.folder.path(of: "silent")
        let silent = try ChildProgram([
            "/usr/bin/python3", "-c",
            "import socket,sys,time; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); time.sleep(60)",
            socket,
        ])
        defer { silent.signal(SIGKILL) }
        while access(socket, F_OK) != 0 { try await Task.sleep(for: .milliseconds(5)) }
        let environment = keys.environment.merging(["SSH_AUTH_SOCK": socket]) { _, new in new }
        let key = SSHSigningKey(file: keys.publicKey, environment: environment, patience: 300)
        let error = await #expect(throws: RecordingError.self) { try await key.tryOut() }
        #expect(error?.message.contains("did not end within 300 ms") == true)
    }
}
