import Files
import Fleet
import PSRunCommandLine
import Sessions
import Targets

/// What `--password-file` and `--passphrase-file` hold: read once, since a pipe cannot be read twice, and before anything
/// connects, since a secret that could not be read would not be held, and so be recorded where it is said.
struct SecretFiles: Sendable {
    let known: KnownSecrets

    /// - Throws: CommandFailure, usage: a file cannot be read, or others may read it.
    init(_ sources: CredentialSources, _ patience: ReadingPatience) throws(CommandFailure) {
        known = KnownSecrets(
            password: try Self.secret(sources.passwordFile, of: "--password-file", patience),
            passphrase: try Self.secret(sources.passphraseFile, of: "--passphrase-file", patience)
        )
    }

    private static func secret(
        _ path: String?,
        of option: String,
        _ patience: ReadingPatience
    ) throws(CommandFailure) -> String? {
        guard let path else { return nil }
        do throws(FileFailure) {
            return try FileContents.secret(HomeFolders.expandTildeWherePossible(path), patience: patience)
        } catch {
            throw CommandFailure(error.exitCode, "\(option) \(path) cannot be used: \(error.reason).")
        }
    }
}

extension PreparedRun {
    /// The secrets that are known before anything is written: of answers, files and systemd.
    static func secrets(_ answers: [AnswerRule], _ files: SecretFiles, _ environment: [String: String]) -> [String] {
        let credentials = environment["CREDENTIALS_DIRECTORY"].map { folder in
            ["psrun.password", "psrun.passphrase"].map { "\(folder)/\($0)" }
        }
        return answers.filter(\.isSecret).map(\.answer)
            + [files.known.password, files.known.passphrase].compactMap(\.self)
            + (credentials ?? []).compactMap { try? FileContents.secret($0, isGuarded: true) }
    }
}
