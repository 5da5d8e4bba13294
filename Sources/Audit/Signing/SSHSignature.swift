package import Recording
import RecordingFormat

/// Whose signatures count.
package struct AllowedSigners: Sendable, Hashable {
    /// A file as ssh-keygen(1) describes it under ALLOWED SIGNERS.
    package var file: String
    /// The one principal that counts; nil for all of the file's.
    package var principal: String?

    package init(file: String, principal: String? = nil) {
        self.file = file
        self.principal = principal
    }
}

/// What a signature proves.
package enum SignatureStatus: Sendable, Hashable {
    /// It is good, and an allowed signer's. The key is `ED25519 key SHA256:…`.
    case trusted(principal: String, key: String)
    /// It is good, but nobody's whose signature counts.
    case untrusted(key: String, words: String)
    /// It is not a signature of these bytes; ssh-keygen's words tell why.
    case bad(words: String)
}

/// The signatures of recordings: SSHSIG (PROTOCOL.sshsig of OpenSSH), made and checked by ssh-keygen(1).
package enum SSHSignature {
    package static let namespace = "psrun-recording"

    /// Checks a signature; blocks until ssh-keygen is done.
    /// - Parameters:
    ///   - signature: the content of the `.sig` file.
    ///   - bytes: what was signed.
    ///   - signers: nil where nobody's counts.
    ///   - seconds: since 1970, UTC: when the key had to be valid, as far as the signers' file limits that.
    /// - Throws: `signing` where ssh-keygen cannot be run.
    package static func check(
        _ signature: [UInt8],
        of bytes: [UInt8],
        signers: AllowedSigners?,
        at seconds: Int64,
        environment: [String: String]
    ) throws(RecordingError) -> SignatureStatus {
        func keygen(_ operation: String, _ arguments: [String]) throws(RecordingError) -> SSHKeygen {
            try SSHKeygen(
                ["-Y", operation, "-n", namespace, "-s", SSHKeygen.filePath] + arguments,
                input: bytes,
                file: signature,
                environment: environment
            )
        }
        let own = try keygen("check-novalidate", [])
        guard own.succeeded, let key = key(in: own.output) else { return .bad(words: own.complaint) }
        guard let signers else { return .untrusted(key: key, words: "No allowed signers are named.") }
        let time = UTCTime(secondsSince1970: seconds).compact.filter { $0 != "T" }
        let rules = ["-f", signers.file, "-O", "verify-time=\(time)"]
        var principals = signers.principal.map { [$0] } ?? []
        var words = ""
        if principals.isEmpty {
            let found = try keygen("find-principals", rules)
            words = found.complaint
            // A line for each rule that fits, its principals separated by commas.
            principals = String(decoding: found.output, as: UTF8.self)
                .split { $0 == "\n" || $0 == "," }.map(String.init)
        }
        for principal in principals {
            let verified = try keygen("verify", rules + ["-I", principal])
            if verified.succeeded { return .trusted(principal: principal, key: key) }
            words = verified.complaint.isEmpty ? "It is not a signature of \(principal)." : verified.complaint
        }
        return .untrusted(key: key, words: words)
    }

    /// `ED25519 key SHA256:…` of `Good "psrun-recording" signature with ED25519 key SHA256:…`.
    private static func key(in output: [UInt8]) -> String? {
        let line = String(decoding: output, as: UTF8.self).prefix { !$0.isNewline }
        guard line.hasPrefix("Good "), let with = line.ranges(of: " with ").last else { return nil }
        return String(line[with.upperBound...])
    }
}
