/// The hashes of Digest, which whoever has a library for them gives: this module computes none.
package protocol DigestHashing: Sendable {
    /// - Returns: 16 bytes.
    func md5(_ bytes: [UInt8]) -> [UInt8]
    /// - Returns: 32 bytes.
    func sha256(_ bytes: [UInt8]) -> [UInt8]
}
