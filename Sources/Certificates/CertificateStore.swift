package import Files
import SystemErrors
package import TLS
import Threads

/// A folder of client certificates with their keys, as PEM or PKCS#12 files: what Windows has a store for.
///
/// A PEM file may hold the certificate, the key and the chain, or the key lies beside it in a file of its own.
package struct CertificateStore: Sendable {
    /// The files of the folder that are looked at.
    package static let mostFiles = 1000

    private let folder: String

    package init(_ folder: String) {
        self.folder = folder
    }

    /// Looks for a certificate, on a thread that may block.
    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - passphrase: gives that of a file, by its path, at most once each; nil where there is none.
    /// - Throws: CertificateStoreFailure; what `passphrase` throws.
    package func certificate(
        _ thumbprint: Thumbprint,
        now: Int64,
        passphrase: @Sendable (String) async throws -> Secret?
    ) async throws -> ClientCertificate {
        var known: [String: Secret?] = [:]
        // Each round asks of one file more, or is the last.
        while true {
            let passphrases = known
            let found = await Lane.files.run {
                Result { () throws(CertificateStoreFailure) in
                    try CertificateSearch(thumbprint, in: folder, passphrases).outcome(now: now)
                }
            }
            switch try found.get() {
            case .found(let certificate): return certificate
            case .needsPassphrase(let path): known.updateValue(try await passphrase(path), forKey: path)
            }
        }
    }
}
