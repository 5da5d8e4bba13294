import CCrypto
import Glibc
import RecordingFormat

/// The key of one run's redaction tags: random, and nowhere but in this process, so that a tag tells nothing of its secret
/// and the same secret has the same tag throughout the run. Wiped when let go.
package final class RedactionKey: Sendable {
    /// Written once, before anyone else sees it.
    private nonisolated(unsafe) let key = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 1)

    package init() {
        var random = SystemRandomNumberGenerator()
        for index in key.indices { key[index] = UInt8.random(in: 0...255, using: &random) }
    }

    deinit {
        if let start = key.baseAddress { explicit_bzero(start, key.count) }
        key.deallocate()
    }

    /// `[redacted:3fa91c07]`: the first 8 hexadecimal digits of HMAC-SHA256 (RFC 2104) of the secret.
    package func tag(for secret: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let made = HMAC(EVP_sha256(), key.baseAddress, Int32(key.count), secret, secret.count, &digest, nil)
        precondition(made != nil, "libcrypto has no memory or no SHA-256")
        return "[redacted:\(hexadecimal(Array(digest.prefix(4))))]"
    }
}
