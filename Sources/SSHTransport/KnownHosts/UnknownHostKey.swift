/// A host key to be asked about.
package struct UnknownHostKey: Sendable, Hashable {
    package let target: String
    /// As known_hosts would name it: `host`, or `[host]:port`.
    package let host: String
    /// As `ssh-ed25519`.
    package let algorithm: String
    /// As `SHA256:…`.
    package let fingerprint: String
}
