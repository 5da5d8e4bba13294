import Connections
import EventLoops
import Threads

/// A run's private keys: each is imported once, off the loop, and shared by all its sessions.
actor KeyStore {
    /// What a key file holds.
    enum Contents: Sendable {
        /// Its key, behind what certificates there are for it.
        case keys([SSHKeyHandle])
        /// A key with a passphrase.
        case locked
    }

    private struct Name: Hashable {
        let path: String
        let certificates: [String]
    }

    /// An import under way or done, and whose clocks stand still where a person is asked for its passphrase.
    private struct Import<Value: Sendable> {
        let task: Task<Value, any Error>
        let clocks: AskedClocks
    }

    private var opened: [Name: Import<Contents>] = [:]
    private var unlocked: [Name: Import<[SSHKeyHandle]>] = [:]
    private let credentials: CredentialSource
    private let warn: @Sendable (String) -> Void

    init(credentials: CredentialSource, warn: @escaping @Sendable (String) -> Void) {
        self.credentials = credentials
        self.warn = warn
    }

    /// What there is in a file without a passphrase.
    /// - Parameter certificates: those named for it; the one beside it is looked for as well.
    /// - Throws: TransportError where it cannot be used.
    func contents(of path: String, certificates: [String]) async throws -> Contents {
        let name = Name(path: path, certificates: certificates)
        let running =
            opened[name]
            ?? begin { [warn] in
                try await offLoop(in: .keys) {
                    do {
                        let key = try KeyFile.load(path, passphrase: nil)
                        return .keys(Self.certified(key, path: path, certificates: certificates, warn: warn) + [key])
                    } catch is KeyFile.PassphraseNeeded {
                        return .locked
                    }
                }
            }
        opened[name] = running
        return try await running.clocks.joined { try await running.task.value }
    }

    /// The keys of a file whose key has a passphrase, which is asked for once a run, so many times as is given.
    /// - Throws: TransportError where there is no passphrase, or a wrong one.
    func unlock(_ path: String, certificates: [String], attempts: Int, mayAsk: Bool) async throws -> [SSHKeyHandle] {
        let name = Name(path: path, certificates: certificates)
        let running =
            unlocked[name]
            ?? begin { [credentials, warn] in
                let key = try await Self.load(path, credentials, attempts: attempts, mayAsk: mayAsk)
                return try await offLoop(in: .keys) {
                    Self.certified(key, path: path, certificates: certificates, warn: warn) + [key]
                }
            }
        unlocked[name] = running
        return try await running.clocks.joined { try await running.task.value }
    }

    private func begin<Value>(_ work: @escaping @Sendable () async throws -> Value) -> Import<Value> {
        let clocks = AskedClocks()
        return Import(task: AskedClocks.$current.withValue(clocks) { Task { try await work() } }, clocks: clocks)
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

    private static func load(
        _ path: String,
        _ credentials: CredentialSource,
        attempts: Int,
        mayAsk: Bool
    ) async throws -> SSHKeyHandle {
        let need = CredentialSource.Need.passphrase(keyFile: path)
        for refusals in 0..<attempts {
            let request = CredentialSource.Request(need: need, refusals: refusals, mayAskPerson: mayAsk)
            guard let passphrase = try await credentials.secret(for: request) else {
                throw refusals == 0 ? KeyFile.needsPassphrase(path) : KeyFile.wrongPassphrase(path)
            }
            do {
                return try await offLoop(in: .keys) { try KeyFile.load(path, passphrase: passphrase) }
            } catch is KeyFile.PassphraseNeeded {
                continue
            }
        }
        throw KeyFile.wrongPassphrase(path)
    }
}
