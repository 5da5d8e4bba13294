/// Where secrets come from: never an argument, never the environment.
package struct CredentialSources: Sendable, Hashable {
    /// A file of mode 0600 that holds the SSH password.
    package var passwordFile: String?
    /// A file of mode 0600 that holds the key's passphrase.
    package var passphraseFile: String?
    /// A shell command whose standard output is the SSH password.
    package var passwordCommand: String?

    package init() {}
}
