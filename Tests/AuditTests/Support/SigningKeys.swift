import Audit
import PSRunTestSupport

/// A key pair, and a file that allows it to sign as `auditor`.
struct SigningKeys {
    let folder: TemporaryFolder
    var privateKey: String { folder.path(of: "key") }
    var publicKey: String { folder.path(of: "key.pub") }
    var allowedSigners: String { folder.path(of: "allowed") }
    let environment = ChildProgram.environment()

    init(passphrase: String = "", options: String = "namespaces=\"psrun-recording\"") async throws {
        folder = try TemporaryFolder()
        let made = try await shell(
            "ssh-keygen -q -t ed25519 -N '\(passphrase)' -C '' -f key && "
                + "printf 'auditor %s %s\\n' '\(options)' \"$(cat key.pub)\" >allowed",
            in: folder.path
        )
        guard made.ending == .exited(0) else { throw TestSupportError(made.description) }
    }
}

/// Runs a line of sh in a folder.
func shell(
    _ line: String,
    in folder: String,
    environment: [String: String] = ChildProgram.environment()
) async throws -> ProgramOutcome {
    try await ChildProgram.run(["/bin/sh", "-c", "cd \"$0\" && { \(line)\n}", folder], environment: environment)
}

extension VerifyScript {
    /// That of a whole folder in which nobody's signature counts.
    static func unsigned(in folder: String) -> VerifyScript {
        VerifyScript(recordings: folder, signers: nil, signer: nil, requiresSignature: false, heads: [], runs: [])
    }
}
