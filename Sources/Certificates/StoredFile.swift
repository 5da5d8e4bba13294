import Files
import TLS

/// One file of the store, as far as it can be read without a passphrase.
struct StoredFile: Sendable {
    enum Contents: Sendable {
        /// PEM text: its certificates, and whether it has a private key, which stays unread.
        case text(certificates: [Certificate], hasKey: Bool)
        case opened(CertificateReading.Contents)
        /// PKCS#12 that takes a passphrase.
        case locked
        /// It is named as one of the store's, and cannot be read.
        case broken(String)
    }

    /// A certificate with its chain has a few kB; a bundle of authorities is not looked at.
    static let mostBytes = 1 << 20

    let path: String
    let contents: Contents
    /// Why its key may not be used, where others may read it.
    let exposure: String?

    /// Blocks.
    /// - Returns: nil for what is neither PEM nor PKCS#12.
    init?(_ path: String, passphrase: Secret?) {
        self.path = path
        let isPKCS12 = [".p12", ".pfx"].contains { path.lowercased().hasSuffix($0) }
        var bytes: [UInt8]
        do throws(FileFailure) {
            (bytes, exposure) = try Self.read(path)
        } catch {
            // Whatever else lies in the folder is not told of.
            guard isPKCS12 || path.lowercased().hasSuffix(".pem") else { return nil }
            exposure = nil
            contents = .broken(error.reason)
            return
        }
        defer { FileContents.wipe(&bytes) }
        if isPKCS12 {
            contents = Self.open(bytes, passphrase)
        } else {
            let certificates = CertificateReading.certificates(inPEM: bytes)
            let hasKey = CertificateReading.hasPrivateKey(inPEM: bytes)
            guard hasKey || !certificates.isEmpty else { return nil }
            contents = .text(certificates: certificates, hasKey: hasKey)
        }
    }

    private static func read(_ path: String) throws(FileFailure) -> ([UInt8], exposure: String?) {
        let refusal: String
        do throws(FileFailure) {
            return (try FileContents.read(path, limit: mostBytes, kind: .regular, isSecret: true), nil)
        } catch {
            refusal = error.reason
        }
        // A certificate alone may be read by anybody; a key may not, which is seen when it is wanted.
        return (try FileContents.read(path, limit: mostBytes, kind: .regular), refusal)
    }

    private static func open(_ bytes: [UInt8], _ passphrase: Secret?) -> Contents {
        do throws(CertificateReading.Failure) {
            return .opened(try CertificateReading.pkcs12(bytes, passphrase: passphrase))
        } catch {
            switch error {
            case .needsPassphrase, .wrongPassphrase: return .locked
            case .broken(let words): return .broken(words)
            }
        }
    }

    /// The private key of a PEM file; blocks.
    /// - Throws: CertificateReading.Failure.
    func key(passphrase: Secret?) throws(CertificateReading.Failure) -> PrivateKey {
        var bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try FileContents.read(path, limit: Self.mostBytes, kind: .regular, isSecret: true)
        } catch {
            throw .broken(error.reason)
        }
        defer { FileContents.wipe(&bytes) }
        return try CertificateReading.privateKey(inPEM: bytes, passphrase: passphrase)
    }
}
