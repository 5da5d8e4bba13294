import CLibSSH
import Connections
import Glibc
import SystemErrors

/// A private key as its file holds it: OpenSSH's format, PEM or PKCS#8.
enum KeyFile {
    /// Reads and imports a key; blocks, for 90 ms of bcrypt where it has a passphrase.
    /// - Parameters:
    ///   - path: an absolute path.
    ///   - passphrase: nil where none is known.
    /// - Throws: TransportError, keyFileUnusable; PassphraseNeeded where the key has one.
    static func load(_ path: String, passphrase: Secret?) throws -> SSHKeyHandle {
        try checkAccess(path)
        var key: OpaquePointer?
        var wasAsked = false
        let status = withUnsafeMutablePointer(to: &wasAsked) { asked in
            // Without a callback libssh would ask at the terminal by itself.
            let callback: ssh_auth_callback = { _, _, _, _, _, context in
                context?.assumingMemoryBound(to: Bool.self).pointee = true
                return -1
            }
            guard let passphrase else { return ssh_pki_import_privkey_file(path, nil, callback, asked, &key) }
            return passphrase.withCString { ssh_pki_import_privkey_file(path, $0, callback, asked, &key) }
        }
        if status == SSH_OK, let key { return SSHKeyHandle(owning: key) }
        if wasAsked || passphrase != nil { throw PassphraseNeeded(wasWrong: passphrase != nil) }
        throw unusable(path, "it is not a supported private key (OpenSSH, PEM or PKCS#8)")
    }

    struct PassphraseNeeded: Error {
        let wasWrong: Bool
    }

    /// The certificate of a key (`ssh-keygen -s`), joined to it; nil where it is another key's.
    static func load(certificate path: String, for key: SSHKeyHandle) throws -> SSHKeyHandle? {
        var status = stat()
        // libssh would wait for a FIFO's writer.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unusable(path, "it is not a regular file")
        }
        var certificate: OpaquePointer?
        guard ssh_pki_import_cert_file(path, &certificate) == SSH_OK, let certificate else {
            throw unusable(path, "it is not a certificate")
        }
        let certificateKey = SSHKeyHandle(owning: certificate)
        guard try certifies(certificateKey, key) else { return nil }
        guard let copy = ssh_key_dup(key.pointer) else { throw unusable(path, "there is no memory for it") }
        let joined = SSHKeyHandle(owning: copy)
        guard ssh_pki_copy_cert_to_privkey(certificateKey.pointer, joined.pointer) == SSH_OK else {
            throw unusable(path, "it cannot be joined to its key")
        }
        return joined
    }

    /// Whether a certificate is this key's: behind its type and nonce it repeats the key (PROTOCOL.certkeys).
    private static func certifies(_ certificate: SSHKeyHandle, _ key: SSHKeyHandle) throws -> Bool {
        guard let certificateBytes = decodeBase64(try certificate.publicKey().base64),
            let keyBytes = decodeBase64(try key.publicKey().base64)
        else { return false }
        var certified = certificateBytes[...]
        var plain = keyBytes[...]
        guard takeString(&certified) != nil, takeString(&certified) != nil, takeString(&plain) != nil else {
            return false
        }
        return certified.starts(with: plain)
    }

    private static func checkAccess(_ path: String) throws(TransportError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw unusable(path, describe(errno: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unusable(path, "it is not a regular file") }
        guard access(path, R_OK) == 0 else { throw unusable(path, describe(errno: errno)) }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw unusable(path, "others can read it (mode \(mode)). Run `chmod 600 \(path)`", isSentence: true)
        }
    }

    static func unusable(_ path: String, _ reason: String, isSentence: Bool = false) -> TransportError {
        let advice = isSentence ? "" : " Name a private key with -KeyFilePath."
        return TransportError(
            .keyFileUnusable,
            phase: .auth,
            "the key file \(path) cannot be used: \(reason).\(advice)"
        )
    }
}
