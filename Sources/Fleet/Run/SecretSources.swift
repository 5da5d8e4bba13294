/// Where a run's passwords and passphrases come from.
package struct SecretSources: Sendable {
    /// Where one password comes from.
    package enum Password: Sendable, Hashable {
        /// It was read before anything connected: a file that is a pipe cannot be read twice, and a secret that could not be
        /// read would not be redacted.
        case known(String)
        /// A shell command's standard output.
        case command(String)
        /// A file, kept to this user by its mode or, where it is guarded, by systemd.
        case file(String, isGuarded: Bool)
        /// Nobody but the person at the terminal.
        case person
        /// systemd's credential psrun.password, where it is there, and else the person.
        case standard
    }

    /// For hosts that have none of their own.
    package var password = Password.standard
    /// That of a host, by the name that messages give it; nil for one that shares the run's.
    package var passwordOfHost: @Sendable (String) -> Password? = { _ in nil }
    /// For keys that have none of their own; nil leaves it to systemd's credential and the person.
    package var passphrase: String?
    /// By the path of the key.
    package var passphraseOfKey: [String: String] = [:]

    package init() {}
}
