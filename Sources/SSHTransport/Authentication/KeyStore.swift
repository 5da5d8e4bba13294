import EventLoops
import Threads

/// A run's private keys: each is imported once, off the loop, and shared by all its sessions.
actor KeyStore {
    private struct Name: Hashable {
        let path: String
        let certificates: [String]
    }

    private var imports: [Name: Task<[SSHKeyHandle], any Error>] = [:]
    private let credentials: CredentialSource
    private let warn: @Sendable (String) -> Void

    init(credentials: CredentialSource, warn: @escaping @Sendable (String) -> Void) {
        self.credentials = credentials
        self.warn = warn
    }

    /// The key in a file, behind what certificates there are for it: those named, and the one beside it.
    /// - Throws: TransportError where it cannot be used.
    func keys(in path: String, certificates: [String]) async throws -> [SSHKeyHandle] {
        let name = Name(path: path, certificates: certificates)
        if let running = imports[name] { return try await running.value }
        let task = Task { [credentials, warn] in
            let key = try await Self.load(path, credentials)
            return try await offLoop(in: .keys) {
                Self.certified(key, path: path, certificates: certificates, warn: warn) + [key]
            }
        }
        imports[name] = task
        return try await task.value
    }

    private static func certified(
        _ key: SSHKeyHandle,
        path: String,
        certificates: [String],
        warn: (String) -> Void
    ) -> [SSHKeyHandle] {
        var keys: [SSHKeyHandle] = []
        for certificate in certificates {
            do {
                if let joined = try KeyFile.load(certificate: certificate, for: key) { keys.append(joined) }
            } catch {
                // As ssh does: the key may log in without it.
                warn("CertificateFile \(certificate) is left out: it cannot be read as a certificate.")
            }
        }
        // Nobody named the one beside the key: it need not be of use.
        if let beside = try? KeyFile.load(certificate: "\(path)-cert.pub", for: key) { keys.append(beside) }
        return keys
    }

    private static func load(_ path: String, _ credentials: CredentialSource) async throws -> SSHKeyHandle {
        do {
            return try await offLoop(in: .keys) { try KeyFile.load(path, passphrase: nil) }
        } catch is KeyFile.PassphraseNeeded {
            guard let passphrase = try await credentials.secret(for: .passphrase(keyFile: path)) else {
                throw KeyFile.unusable(
                    path,
                    "it has a passphrase. Give it with --passphrase-file, or load the key into an agent",
                    isSentence: true
                )
            }
            do {
                return try await offLoop(in: .keys) { try KeyFile.load(path, passphrase: passphrase) }
            } catch is KeyFile.PassphraseNeeded {
                throw KeyFile.unusable(path, "the passphrase is wrong", isSentence: true)
            }
        }
    }
}
