package import Recording
import RecordingFormat

/// Whose signatures count, and how one is checked.
package struct SignatureCheck: Sendable {
    /// Checks a signature of some bytes, made at that second.
    package typealias Check =
        @Sendable (_ signature: [UInt8], _ bytes: [UInt8], _ seconds: Int64) -> Result<SignatureStatus, RecordingError>

    /// Whether what nobody signed whose signature counts is a problem.
    package var isRequired: Bool
    package var check: Check

    package init(isRequired: Bool, check: @escaping Check) {
        self.isRequired = isRequired
        self.check = check
    }

    /// By ssh-keygen(1).
    package init(isRequired: Bool, signers: AllowedSigners?, environment: [String: String]) {
        self.init(isRequired: isRequired) { signature, bytes, seconds in
            Result { () throws(RecordingError) in
                try SSHSignature.check(signature, of: bytes, signers: signers, at: seconds, environment: environment)
            }
        }
    }

    /// What a signature says of some bytes, and what there is to say of it.
    /// - Parameter signature: nil where there is none.
    func verdict(
        _ signature: [UInt8]?,
        of bytes: [UInt8],
        at seconds: Int64,
        run: String?,
        member: String
    ) -> (status: SignatureStatus?, finding: Finding?) {
        let level: Finding.Level = isRequired ? .problem : .note
        guard let signature else {
            let message = "it is not signed: it is consistent, but anybody could have made it so"
            return (nil, Finding(.unsigned, level, run: run, member: member, message))
        }
        guard SignatureArmor.isCanonical(signature) else {
            let words = "its signature is not in ssh-keygen's format"
            return (.bad(words: words), Finding(.signatureInvalid, run: run, member: member, words))
        }
        switch check(signature, bytes, seconds) {
        case .success(.untrusted(let key, let words)):
            let message = "its signer is not an allowed signer: \(key). \(words)"
            let status = SignatureStatus.untrusted(key: key, words: words)
            return (status, Finding(.signerUnknown, level, run: run, member: member, message))
        case .success(.bad(let words)):
            let message = "its signature does not fit its bytes: \(words)"
            return (.bad(words: words), Finding(.signatureInvalid, run: run, member: member, message))
        case .success(let status):
            return (status, nil)
        case .failure(let error):
            // Nobody knows whether it is good: that is not the same as bad.
            let level: Finding.Level = isRequired ? .problem : .incomplete
            let message = "its signature could not be checked: \(error.message)"
            return (nil, Finding(.signatureUnchecked, level, run: run, member: member, message))
        }
    }
}
