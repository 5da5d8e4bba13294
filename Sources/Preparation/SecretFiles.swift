import Configuration
import Files
import Fleet
import MachineTransport
import PSRunCommandLine
import Sessions
import Targets

/// What files and systemd have of the secrets of a run's hosts: read once, since a pipe cannot be read twice, and before
/// anything connects, since a secret that could not be read would not be held, and so be recorded where it is said.
struct SecretFiles: Sendable {
    /// What has been read so far, by path.
    private var texts: [String: String] = [:]
    private let patience: ReadingPatience
    /// systemd's folder of credentials.
    private let folder: String?

    init(_ environment: [String: String], _ patience: ReadingPatience) {
        self.patience = patience
        folder = environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Every secret that was read.
    var all: [String] { Array(texts.values) }

    /// Where the password comes from.
    /// - Throws: CommandFailure, usage: a file cannot be read, or others may read it.
    mutating func password(_ sources: CredentialSources) throws(CommandFailure) -> SecretSources.Password {
        if sources.asksPassword { return .person }
        if let path = sources.passwordFile { return .known(try text(path, of: "--password-file")) }
        if let command = sources.passwordCommand { return .command(command) }
        guard let name = sources.passwordCredential else { return .standard }
        return .known(try text(credential: name, of: "--password-credential"))
    }

    /// A key's passphrase, where something names it.
    /// - Throws: CommandFailure, usage.
    mutating func passphrase(_ sources: CredentialSources) throws(CommandFailure) -> String? {
        if let path = sources.passphraseFile { return try text(path, of: "--passphrase-file") }
        guard let name = sources.passphraseCredential else { return nil }
        return try text(credential: name, of: "--passphrase-credential")
    }

    private mutating func text(credential name: String, of option: String) throws(CommandFailure) -> String {
        guard let folder else {
            throw CommandFailure(
                .usage,
                "\(option) \(name): systemd gave this process no credentials (CREDENTIALS_DIRECTORY is not set)."
            )
        }
        return try text("\(folder)/\(name)", of: option, isGuarded: true)
    }

    private mutating func text(
        _ path: String,
        of option: String,
        isGuarded: Bool = false
    ) throws(CommandFailure) -> String {
        let place = HomeFolders.expandTildeWherePossible(path)
        if let known = texts[place] { return known }
        do throws(FileFailure) {
            let text = try FileContents.secret(place, isGuarded: isGuarded, patience: patience)
            texts[place] = text
            return text
        } catch {
            throw CommandFailure(error.exitCode, "\(option) \(path) cannot be used: \(error.reason).")
        }
    }
}

extension CredentialSources {
    /// Where the password comes from, with files that are read when they are needed.
    func passwordWhenNeeded(_ environment: [String: String]) -> SecretSources.Password? {
        if asksPassword { return .person }
        if let path = passwordFile { return .file(HomeFolders.expandTildeWherePossible(path), isGuarded: false) }
        if let command = passwordCommand { return .command(command) }
        return passwordCredential.map {
            .file("\(environment["CREDENTIALS_DIRECTORY"] ?? "")/\($0)", isGuarded: true)
        }
    }
}

extension PreparedRun {
    /// What stands as a password in libvirt's addresses.
    static func secrets(ofHypervisors targets: [RunTarget], _ environment: [String: String]) -> [String] {
        targets.flatMap { target -> [String] in
            guard case .machine(let place, _) = target.place else { return [] }
            // Without an address libvirt takes this one, and may speak of it.
            let address = place.hypervisor ?? environment["LIBVIRT_DEFAULT_URI"].map { HypervisorAddress($0) }
            return address?.secrets ?? []
        }
    }

    /// The secrets that are known before anything is written: of answers, files and systemd.
    static func secrets(_ answers: [AnswerRule], _ files: SecretFiles, _ environment: [String: String]) -> [String] {
        let credentials = environment["CREDENTIALS_DIRECTORY"].map { folder in
            ["psrun.password", "psrun.passphrase"].map { "\(folder)/\($0)" }
        }
        return answers.filter(\.isSecret).map(\.answer) + files.all
            + (credentials ?? []).compactMap { try? FileContents.secret($0, isGuarded: true) }
    }
}
