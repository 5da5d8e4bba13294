import CLibSSH
import Connections
import Files
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
        if status == SSH_OK, let key {
            let key = SSHKeyHandle(owning: key)
            // libssh imports an Ed25519 key in PKCS#8 form, and then finds nothing in it.
            guard (try? key.publicKey()) != nil else {
                throw unusable(
                    path,
                    "psrun cannot use a key of its form (Ed25519 in PKCS#8). Make a copy in OpenSSH's form, as ssh-keygen "
                        + "makes keys",
                    isSentence: true
                )
            }
            return key
        }
        if wasAsked || passphrase != nil { throw PassphraseNeeded() }
        if try isPublic(path) { throw publicKey(path) }
        throw unusable(path, "it is not a supported private key (OpenSSH, PEM or PKCS#8)")
    }

    /// The key has a passphrase, and it was not given or is another one.
    struct PassphraseNeeded: Error {}

    static func needsPassphrase(_ path: String) -> TransportError {
        unusable(
            path,
            "it has a passphrase. Give it with --passphrase-file, or load the key into an agent",
            isSentence: true
        )
    }

    static func wrongPassphrase(_ path: String) -> TransportError {
        unusable(path, "the passphrase is wrong", isSentence: true)
    }

    private static func publicKey(_ path: String) -> TransportError {
        let name = path.hasSuffix(".pub") ? "the file without .pub, \(path.dropLast(4))" : "the file of the private key"
        return unusable(path, "this is a public key. Name \(name)", isSentence: true)
    }

    /// Whether a file begins as a public key's line does.
    private static func isPublic(_ path: String) throws(TransportError) -> Bool {
        do throws(FileFailure) {
            let text = try FileContents.text(path, limit: keyBytes) ?? ""
            let fields = text.split(maxSplits: 2, whereSeparator: \.isWhitespace)
            return fields.count >= 2 && PublicKey(algorithm: String(fields[0]), base64: String(fields[1])).isHostKey
        } catch {
            throw unusable(path, error.reason)
        }
    }

    /// No key file is larger.
    static let keyBytes = 1 << 20

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
        guard stat(path, &status) == 0 else {
            throw unusable(path, errno == ENOENT ? "there is no such file" : describe(errno: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unusable(path, "it is not a regular file") }
        guard access(path, R_OK) == 0 else { throw unusable(path, describe(errno: errno)) }
        guard status.st_size <= keyBytes else { throw unusable(path, "it holds more than \(keyBytes >> 20) MiB") }
        // As ssh: the mode of a file that is somebody else's is not this user's to set (authfile.c, sshkey_perm_ok).
        guard status.st_uid != getuid() || status.st_mode & 0o077 == 0 else {
            if try isPublic(path) { throw publicKey(path) }
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
