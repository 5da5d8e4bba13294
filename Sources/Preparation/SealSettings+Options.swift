import Audit
package import PSRunCommandLine
package import Recording

extension SealSettings {
    /// What a seal is to do besides.
    package func options(environment: [String: String]) -> SealOptions {
        var options = SealOptions()
        if let signKey {
            options.sign = { bytes, patience throws(RecordingError) in
                let patience = Int32(clamping: patience)
                return try SSHSigningKey(file: signKey, environment: environment, patience: patience).sign(bytes)
            }
        }
        if headToSyslog {
            options.witness = { head, run, patience throws(RecordingError) in
                try SystemLog().write(head, run: run, patience: patience)
            }
        }
        return options
    }

    /// Tries the key and the witness, where they are asked for, before anything is done.
    /// - Parameter limit: how long that may take; nil for as long as a signature may.
    /// - Throws: `signing`, `witness`
    package func tryOut(environment: [String: String], within limit: Duration? = nil) async throws(RecordingError) {
        if headToSyslog { try SystemLog().tryOut() }
        guard let signKey else { return }
        let most = Duration.seconds(10)
        let patience = Int32(min(most, limit ?? most) / .milliseconds(1))
        try await SSHSigningKey(file: signKey, environment: environment, patience: patience).tryOut()
    }
}
