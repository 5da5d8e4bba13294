import Audit
import PSRunCommandLine
import Recording

extension SealSettings {
    /// What a seal is to do besides.
    func options(environment: [String: String]) -> SealOptions {
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
    /// - Throws: `signing`
    func tryOutKey(environment: [String: String]) async throws(RecordingError) {
        guard let signKey else { return }
        try await SSHSigningKey(file: signKey, environment: environment).tryOut()
    }
}
