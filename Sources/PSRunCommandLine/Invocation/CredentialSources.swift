/// Where secrets come from: never an argument, never the environment.
package struct CredentialSources: Sendable, Hashable {
    /// A file of mode 0600 that holds the SSH password.
    package var passwordFile: String?
    /// A file of mode 0600 that holds the key's passphrase.
    package var passphraseFile: String?
    /// A shell command whose standard output is the SSH password.
    package var passwordCommand: String?
    /// The name of a credential of systemd's that is the SSH password.
    package var passwordCredential: String?
    /// The name of a credential of systemd's that is the key's passphrase.
    package var passphraseCredential: String?
    /// The person is asked for the SSH password, whatever else there is.
    package var asksPassword = false

    package init() {}
}
