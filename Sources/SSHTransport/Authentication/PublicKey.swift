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

    /// Whether it is a whole key of a type that hosts have: strings up to its end, as many as the type wants, the first of
    /// which names it (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4; PROTOCOL.u2f).
    var isHostKey: Bool {
        guard let count = Self.strings[algorithm], let blob = decodeBase64(base64) else { return false }
        var rest = blob[...]
        guard let name = takeString(&rest), name.elementsEqual(algorithm.utf8) else { return false }
        for _ in 1..<count { guard let part = takeString(&rest), !part.isEmpty else { return false } }
        return rest.isEmpty
    }

    /// How many strings a key has, by type.
    private static let strings = [
        "ssh-ed25519": 2, "ssh-rsa": 3, "ssh-dss": 5, "ecdsa-sha2-nistp256": 3, "ecdsa-sha2-nistp384": 3,
        "ecdsa-sha2-nistp521": 3, "sk-ssh-ed25519@openssh.com": 3, "sk-ecdsa-sha2-nistp256@openssh.com": 4,
    ]
}
