import CCrypto

/// A public key as known_hosts and .pub files have it.
struct PublicKey: Sendable, Hashable {
    /// As `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`.
    let algorithm: String
    /// The key's wire form (RFC 4253, 6.6).
    let base64: String

    /// As ssh-keygen -l prints it: `SHA256:` and the digest in base64 without padding.
    var fingerprint: String {
        guard let blob = decodeBase64(base64) else { return "SHA256:?" }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(blob, blob.count, &digest, nil, EVP_sha256(), nil)
        return "SHA256:" + encodeBase64(digest).prefix { $0 != "=" }
    }
}
