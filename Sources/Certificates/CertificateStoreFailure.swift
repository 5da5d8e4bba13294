/// Why a folder of certificates has none to show.
package struct CertificateStoreFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable {
        /// What was asked for is not a thumbprint.
        case notAThumbprint = "NotAThumbprint"
        case folderUnusable = "CertificateFolderUnusable"
        case notFound = "CertificateNotFound"
        /// More than one file has it, with a key each.
        case ambiguous = "CertificateAmbiguous"
        case noKey = "CertificateWithoutKey"
        /// Others may read the key.
        case exposed = "CertificateKeyExposed"
        /// It has expired, or is not valid yet.
        case outOfDate = "ClientCertificateOutOfDate"
        /// Nobody gave the passphrase, or it is another one.
        case locked = "CertificateLocked"
        case broken = "CertificateFileBroken"
    }

    package let code: Code
    /// What was looked for, what there is, and the way out: whole sentences, without secrets.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
