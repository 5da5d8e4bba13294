import Configuration
import Files
import Fleet
import PSRunCommandLine
import SSHTransport
import Sessions
import Targets

/// What the hosts of one kind have of their own, read and checked.
struct PreparedKind: Sendable {
    let choices: HostChoices
    let answers: [AnswerRule]
    let password: SecretSources.Password
    /// A key and its passphrase; nil where the run's counts.
    let passphrase: (key: String, text: String)?

    /// - Throws: CommandFailure, usage.
    init(
        _ choices: HostChoices,
        _ files: inout SecretFiles,
        general: CredentialSources,
        _ answers: (RunInvocation.Prompts) throws(CommandFailure) -> [AnswerRule]
    ) throws(CommandFailure) {
        self.choices = choices
        self.answers = try answers(choices.run.prompts)
        let sources = choices.run.credentials
        password = try files.password(sources)
        let isOwn =
            sources.passphraseFile != general.passphraseFile
            || sources.passphraseCredential != general.passphraseCredential
        guard isOwn, let text = try files.passphrase(sources) else {
            passphrase = nil
            return
        }
        guard let key = choices.ssh.keyFile else {
            throw CommandFailure(
                .usage,
                "A passphrase is a key's: where hosts have a --passphrase-file or --passphrase-credential of their own, "
                    + "set their --key-file as well."
            )
        }
        let path = HomeFolders.expandTildeWherePossible(key)
        passphrase = (path.hasPrefix("/") ? path : "\(FilePaths.workingFolder ?? "")/\(path)", text)
    }
}

extension HostSettings {
    /// A jump host with what is configured for it by its name.
    func completing(_ jump: SSHTarget, _ shared: SSHOptions) -> SSHTarget {
        guard let choices = ownChoices(of: jump) else { return jump }
        var jump = jump
        jump.user = jump.user ?? choices.ssh.userName
        jump.port = jump.port ?? choices.ssh.port
        let own = choices.ssh.forTransport
        var options = SSHHostOptions(shared)
        options.keyFile = own.keyFile ?? options.keyFile
        options.hostKeyCheck = own.hostKeyCheck ?? options.hostKeyCheck
        options.options = own.options + shared.options
        jump.own = options
        return jump
    }

    /// What is configured for a host by name that is not a target.
    func ownChoices(of host: SSHTarget) -> HostChoices? {
        let name = host.host.contains(":") ? "[\(host.host)]" : host.host
        return try? ownChoices(of: ConfiguredHost(names: [name, host.host, host.displayName]))
    }
}
