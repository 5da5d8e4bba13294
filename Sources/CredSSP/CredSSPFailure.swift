import TLS

/// Why CredSSP did not come about, or is no longer sound.
package struct CredSSPFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// The TLS within the tokens failed.
        case tls = "CredSSPTLSFailed"
        /// What the host sent makes no sense.
        case malformed = "CredSSPProtocolError"
        /// The host speaks a version whose proof can be relayed.
        case tooOld = "CredSSPTooOld"
        /// The host turned the credentials down.
        case refused = "AuthenticationFailed"
        /// The host does not have the key of the certificate that was shown.
        case notTheHost = "CredSSPNotTheHost"
    }

    package let code: Code
    /// Whole sentences, without secrets.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func malformed(_ what: String) -> CredSSPFailure {
        CredSSPFailure(.malformed, "what the host sent is not CredSSP: \(what).")
    }

    static func tls(_ failure: TLSFailure) -> CredSSPFailure {
        let cure =
            failure.code == .nothingInCommon
            ? " Within CredSSP an AES-GCM suite is needed: update the host, or authenticate with Kerberos." : ""
        return CredSSPFailure(.tls, "the TLS within CredSSP: \(failure.message)\(cure)")
    }

    static func refused(_ status: UInt32) -> CredSSPFailure {
        CredSSPFailure(.refused, "the host refused the credentials: \(NTStatus.text(status)).")
    }

    static func tooOld(_ version: UInt32) -> CredSSPFailure {
        CredSSPFailure(
            .tooOld,
            "the host speaks CredSSP of version \(version): before version \(CredSSPClient.oldest) somebody in the middle can "
                + "pass the credentials on (CVE-2018-0886). Update the host."
        )
    }

    static let notTheHost = CredSSPFailure(
        .notTheHost,
        "the host does not prove that it has the key of its certificate: somebody may stand in the middle. No credentials "
            + "were handed over. Find out what is between this computer and the host."
    )
}
