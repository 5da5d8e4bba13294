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
