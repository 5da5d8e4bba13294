/// Why TLS could not be spoken, or no longer.
package struct TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// Nobody who is trusted signed it, or its signature is wrong.
        case certificateUntrusted = "CertificateUntrusted"
        /// It is for another host.
        case certificateNameMismatch = "CertificateNameMismatch"
        /// It has expired, or is not valid yet.
        case certificateOutOfDate = "CertificateOutOfDate"
        /// A revocation list names it, or none could be looked at.
        case certificateRevoked = "CertificateRevoked"
        /// It is not meant for servers, is too weak, or is broken.
        case certificateUnsuitable = "CertificateUnsuitable"
        /// The server wants a certificate of this side, or does not take the one that it was shown.
        case clientCertificateRefused = "ClientCertificateRefused"
        /// What came is not TLS.
        case notTLS = "NotTLS"
        /// There is no version or cipher suite that both sides take.
        case nothingInCommon = "TLSNothingInCommon"
        /// The other side broke off, or what it sent is broken.
        case protocolError = "TLSProtocolError"
        /// It closed the connection in the middle.
        case closed = "TLSClosed"
        /// What this side was to use cannot be used: a file of authorities, a client certificate.
        case unusable = "TLSUnusable"
    }

    package let code: Code
    /// What happened, of which certificate, and the way out: whole sentences.
    package let message: String
    /// The certificate that did not pass.
    package let certificate: CertificateFacts?

    package init(_ code: Code, _ message: String, certificate: CertificateFacts? = nil) {
        self.code = code
        self.message = message
        self.certificate = certificate
    }

    package var description: String { message }
}
