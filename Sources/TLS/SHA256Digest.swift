import COpenSSL

/// SHA-256, for whoever has TLS at hand.
package enum SHA256Digest {
    package static func of(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        let status = EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil)
        precondition(status == 1 && count == 32, "SHA-256 is part of every libcrypto")
        return digest
    }
}
