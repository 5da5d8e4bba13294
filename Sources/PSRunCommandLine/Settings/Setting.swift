/// An option of a run that a configuration file and the environment can set as well.
package struct Setting: Sendable {
    /// What it can be set for.
    package enum Reach: String, Sendable, Hashable {
        /// The run as a whole.
        case run
        /// The run, or some of its hosts.
        case host
    }

    package let option: CommandOption
    /// Its name in a file: the option's long spelling without the dashes.
    package let key: String
    package let reach: Reach
    /// Why a project's file that nobody trusts must not set it; nil where it may.
    package let danger: Danger?

    /// nil for an option that has no key.
    init?(_ option: CommandOption) {
        guard let long = option.long, Self.refusal(of: option) == nil else { return nil }
        self.option = option
        key = long
        reach = Self.hostKeys.contains(long) ? .host : .run
        danger = Danger.of[long]
    }

    /// `PSRUN_` and the key in capitals, with `_` for each dash.
    package var variable: String {
        "PSRUN_" + key.uppercased().split(separator: "-", omittingEmptySubsequences: false).joined(separator: "_")
    }

    /// Settings that say the same thing have one slot: whichever is set in the higher place counts.
    package var slot: String { option.slot }

    /// Whether the lists of all places count together, where of any other list the highest one does.
    ///
    /// A secret that was recorded once cannot be taken back, so no place takes another one's patterns away. And of each of
    /// ssh_config's keywords the first value counts, so each keyword is as if it were a setting.
    package var addsUp: Bool { key == "redact" || key == "option" }

    /// - Throws: what the option would refuse the text with.
    package func check(_ text: String) throws(UsageError) {
        var draft = Draft()
        do throws(ValueError) {
            try option.store(&draft, text)
        } catch {
            throw error.usageError(for: "--\(key)", value: text)
        }
    }
}

extension Setting {
    /// All of them, in the order of the help.
    package static let all = RunOptions.all.compactMap(Setting.init)

    private static let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }

    package static func of(key: String) -> Setting? { byKey[key] }

    /// Those that count for a verb: what it has an option for. The format is each verb's own.
    static func of(_ verb: VerbDefinition) -> [Setting] {
        switch verb.verb {
        case .run: all
        case .config: []
        // The endpoint's --shell names a shell, and a run's enters one.
        case .endpoint: []
        default: all.filter { setting in setting.key != "format" && verb.options.contains { $0.long == setting.key } }
        }
    }

    private static let hostKeys: Set<String> = [
        "user", "port", "key-file", "subsystem", "exec", "shell", "option", "host-key-check", "jump", "password-file",
        "password-command",
        "password-credential", "ask-password", "passphrase-file", "passphrase-credential", "blocks", "max-block",
        "any-shell", "load-profile", "answer", "answer-secret", "error-action", "connecting-timeout", "step-timeout",
        "target-timeout", "grace", "credential", "configuration-name", "use-ssl", "authentication",
        "certificate-thumbprint", "certificate-store", "application-name", "session-option", "skip-ca-check",
        "skip-cn-check", "ca-file", "enable-network-access", "allow-redirection", "redirect-to", "allow-ntlm",
        "allow-basic-over-http", "allow-credssp-over-http",
    ]
}

extension Setting {
    /// What a file from a stranger could do with a setting.
    package enum Danger: String, Sendable, Hashable {
        case runsCommands = "it may run commands on this computer"
        case namesSecrets = "it says which secrets go where"
        case choosesHosts = "it says which hosts are trusted"

        fileprivate static let of: [String: Danger] = [
            "password-command": .runsCommands, "option": .runsCommands, "ssh-config": .runsCommands,
            "inventory": .runsCommands, "hypervisor": .runsCommands, "password-file": .namesSecrets,
            "password-credential": .namesSecrets,
            "passphrase-file": .namesSecrets, "passphrase-credential": .namesSecrets, "answer-secret": .namesSecrets,
            "key-file": .namesSecrets, "sign-key": .namesSecrets, "host-key-check": .choosesHosts,
            "jump": .choosesHosts, "skip-ca-check": .choosesHosts, "skip-cn-check": .choosesHosts,
            "ca-file": .choosesHosts, "session-option": .choosesHosts, "allow-redirection": .choosesHosts,
            "redirect-to": .choosesHosts, "allow-ntlm": .namesSecrets, "allow-basic-over-http": .namesSecrets,
            "allow-credssp-over-http": .namesSecrets, "authentication": .namesSecrets, "credential": .namesSecrets,
            "certificate-thumbprint": .namesSecrets, "certificate-store": .namesSecrets,
        ]
    }
}

extension CommandOption {
    /// Options that set the same thing have one slot.
    var slot: String {
        switch long {
        case "password-file", "password-command", "password-credential", "ask-password": "password"
        case "passphrase-file", "passphrase-credential": "passphrase"
        case "verbose", "quiet": "verbosity"
        case "subsystem", "exec", "shell": "far side"
        default: setName
        }
    }
}
