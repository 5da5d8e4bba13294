import CCrypto
import WinRMAuth

/// The hashes of HTTP's Digest over libcrypto.
package struct OpenSSLDigestHashes: DigestHashing {
    package init() {}

    package func md5(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, EVP_md5()) }

    package func sha256(_ bytes: [UInt8]) -> [UInt8] { hash(bytes, EVP_sha256()) }

    /// Empty where the library has no such hash, as in FIPS's mode: no server takes that.
    private func hash(_ bytes: [UInt8], _ type: OpaquePointer?) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &count, type, nil) == 1 else { return [] }
        return Array(digest[..<Int(count)])
    }
}
