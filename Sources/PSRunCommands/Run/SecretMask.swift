import Synchronization

/// What psrun holds as a secret, kept out of everything that is written down.
final class SecretMask: Sendable {
    private let secrets = Mutex<[String]>([])

    func add(_ secret: String) {
        guard !secret.isEmpty else { return }
        secrets.withLock { $0.append(secret) }
    }

    /// `text` with each secret in it replaced.
    func masked(_ text: String) -> String {
        secrets.withLock { secrets in
            secrets.reduce(text) { text, secret in
                text.contains(secret) ? text.replacing(secret, with: "[secret]") : text
            }
        }
    }
}
