package import Recording
import RecordingFormat
import Threads

/// The key that signs recordings: a private key's file, or a public key's whose other half an agent or the file beside
/// it holds.
package struct SSHSigningKey: Sendable {
    private let file: String
    private let environment: [String: String]
    private let patienceMilliseconds: Int32

    /// - Parameters:
    ///   - file: as `--sign-key` names it.
    ///   - environment: psrun's own, for the agent's socket.
    ///   - patience: how long ssh-keygen may take, in milliseconds.
    package init(
        file: String,
        environment: [String: String],
        patience milliseconds: Int32 = Int32(RecordingBound.keygenWait.limit)
    ) {
        self.file = file
        self.environment = environment
        patienceMilliseconds = milliseconds
    }

    /// Signs some bytes in the namespace of recordings; blocks until ssh-keygen is done.
    /// - Returns: an armored SSHSIG: the content of a `.sig` file.
    /// - Throws: `signing`, with ssh-keygen's own words.
    package func sign(_ bytes: [UInt8]) throws(RecordingError) -> [UInt8] {
        try sign(bytes, namespace: SSHSignature.namespace)
    }

    /// Finds out whether the key can sign, by a signature that is good for nothing.
    /// - Throws: `signing`, with ssh-keygen's own words.
    package func tryOut() async throws(RecordingError) {
        let failure = await onOwnThread { () -> RecordingError? in
            do throws(RecordingError) {
                _ = try sign([], namespace: "\(SSHSignature.namespace)-trial")
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func sign(_ bytes: [UInt8], namespace: String) throws(RecordingError) -> [UInt8] {
        let keygen = try SSHKeygen(
            ["-Y", "sign", "-q", "-n", namespace, "-f", file],
            input: bytes,
            environment: environment,
            patience: patienceMilliseconds
        )
        guard keygen.succeeded, keygen.output.starts(with: "-----BEGIN SSH SIGNATURE-----".utf8) else {
            throw RecordingError(
                .signing,
                "The key \(file) cannot sign: \(keygen.complaint). --sign-key takes a private key without a passphrase, or "
                    + "the .pub file of a key that the ssh-agent holds."
            )
        }
        return keygen.output
    }
}
