import PSRunCommandLine

/// What is said of a key that there is not.
enum UnknownKey {
    static let secretWays =
        "A secret is never written in a configuration file or the environment. password-file names a file "
        + "of mode 0600, password-command a command, password-credential a credential of systemd's; without any of them "
        + "the terminal is asked. For a key's passphrase there are passphrase-file and passphrase-credential."

    static func reason(_ key: String, isForHosts: Bool) -> (ConfigurationError.Code, String) {
        if isSecret(key) { return (.secretInClear, "'\(printable(key))' would be a secret in clear. \(secretWays)") }
        let none = "there is no setting '\(printable(key))'"
        if let reason = Setting.refusal(ofKey: key) {
            return (.unknownKey, "\(none): \(reason). It is an option of the command line alone.")
        }
        if ["become", "sudo", "run-as", "run_as"].contains(key.lowercased()) {
            return (.unknownKey, "\(none): sudo stands in the playbook, as in 'sudo -n systemctl restart nginx'.")
        }
        let others = isForHosts ? [] : [ConfigurationReader.hostsKey, ConfigurationReader.trustKey]
        if let meant = Setting.meant(by: key, orOneOf: others) {
            return (.unknownKey, "\(none). Did you mean \(meant)?")
        }
        if Setting.isSSHKeyword(key) {
            return (.unknownKey, "\(none): it is a keyword of ssh_config, so write 'option: {\(key): VALUE}'.")
        }
        return (.unknownKey, "\(none). 'psrun config keys' lists them.")
    }

    /// Whether a name is one that people give to secrets, and not nearly a setting.
    static func isSecret(_ name: String) -> Bool {
        let plain = name.lowercased().filter { $0.isLetter }
        let isNearSetting = ["file", "command", "credential", "program"].contains(where: plain.hasSuffix)
        let words = ["password", "passwd", "passphrase", "sshpass", "secret", "token", "apikey"]
        return !isNearSetting && (plain == "pass" || plain == "pwd" || words.contains(where: plain.contains))
            && Setting.of(key: name) == nil && plain != "answersecrets"
    }
}
