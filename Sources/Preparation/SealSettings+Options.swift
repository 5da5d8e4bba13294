import Audit
package import PSRunCommandLine
package import Recording

extension SealSettings {
    /// What a seal is to do besides.
    package func options(environment: [String: String]) -> SealOptions {
        var options = SealOptions()
        if let signKey {
            let key = SSHSigningKey(file: signKey, environment: environment)
            options.sign = { bytes throws(RecordingError) in try key.sign(bytes) }
        }
        if headToSyslog {
            options.witness = { head, run throws(RecordingError) in try SystemLog().write(head, run: run) }
        }
        return options
    }

    /// Tries the key, where one is named, before anything is done.
    /// - Parameter limit: how long that may take; nil for as long as a signature may.
    /// - Throws: `signing`
    package func tryOutKey(environment: [String: String], within limit: Duration? = nil) async throws(RecordingError) {
        guard let signKey else { return }
        let most = Duration.seconds(10)
        let patience = Int32(min(most, limit ?? most) / .milliseconds(1))
        try await SSHSigningKey(file: signKey, environment: environment, patience: patience).tryOut()
    }
}
