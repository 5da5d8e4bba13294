import CCrypto
import CLibSSH

/// A key of libssh's: the one owner of its pointer. Never changed once made, so sessions on any thread may share it.
final class SSHKeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        ssh_key_free(pointer)
    }

    func publicKey() throws -> PublicKey {
        var text: UnsafeMutablePointer<CChar>?
        guard ssh_pki_export_pubkey_base64(pointer, &text) == SSH_OK, let text else {
            throw SSHFailure(text: "a key that cannot be written out")
        }
        defer { ssh_string_free_char(text) }
        return PublicKey(algorithm: algorithm, base64: String(cString: text))
    }

    private var algorithm: String {
        let type = ssh_key_type(pointer)
        if let curve = ssh_pki_key_ecdsa_name(pointer), String(cString: curve).hasPrefix("ecdsa") {
            return String(cString: curve)
        }
        return ssh_key_type_to_char(type).map { String(cString: $0) } ?? "unknown"
    }
}

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

/// RFC 4648 base64 with padding; nil where the text is none.
func decodeBase64(_ text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    var decoded = [UInt8](repeating: 0, count: bytes.count / 4 * 3 + 3)
    let count = EVP_DecodeBlock(&decoded, bytes, CInt(bytes.count))
    let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard count >= padding, padding <= 2, !bytes.isEmpty else { return nil }
    return Array(decoded[..<(Int(count) - padding)])
}

func encodeBase64(_ bytes: [UInt8]) -> String {
    var encoded = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&encoded, bytes, CInt(bytes.count))
    return String(decoding: encoded[..<Int(count)], as: UTF8.self)
}
