import RecordingFormat

/// Why a session failed, in a few words that are the same for every host to which it happened.
enum FailureWords {
    /// `refused`, `no route to host`, `host key changed`.
    static func text(of failure: RecordedFailure) -> String {
        let code = failure.code ?? ""
        switch code {
        case "ConnectionFailed":
            let message = failure.message ?? ""
            return connections.first { message.contains($0.system) }?.words ?? "not connected"
        case "ConnectingTimeout": return "timed out"
        case "AuthenticationFailed": return "not let in"
        case "SubsystemMissing": return "no subsystem"
        case "SSHProtocolError": return "SSH protocol error"
        case "SSHConfiguration": return "SSH configuration"
        case "NotPSRP": return "no PSRP spoken there"
        default: return parted(code)
        }
    }

    /// What the system calls it (strerror(3)), and how it is told.
    private static let connections = [
        ("Connection refused", "refused"), ("No route to host", "no route to host"),
        ("Network is unreachable", "network unreachable"), ("Connection timed out", "no answer"),
    ]
    .map { (system: $0.0, words: $0.1) }

    /// `host key changed` of `HostKeyChanged`.
    private static func parted(_ code: String) -> String {
        var words = ""
        var wasCapital = true
        for character in code {
            if character.isUppercase, !wasCapital { words.append(" ") }
            words.append(character)
            wasCapital = character.isUppercase
        }
        return words.lowercased()
    }
}
