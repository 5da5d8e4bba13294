import CCrypto
package import RecordingFormat

/// SHA-256 by libcrypto, fed piece by piece.
package final class SHA256 {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
            preconditionFailure("libcrypto has no memory")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    package func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes(update)
    }

    /// The hash of all bytes so far, in hexadecimal; more may follow.
    package func hexadecimalDigest() -> String {
        hexadecimal(digest())
    }

    fileprivate func digest() -> [UInt8] {
        guard let copy = EVP_MD_CTX_new() else { preconditionFailure("libcrypto has no memory") }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_MD_CTX_copy_ex(copy, context)
        EVP_DigestFinal_ex(copy, &digest, nil)
        return digest
    }
}

/// SHA-256 of some bytes, for the formats, which are told how to hash.
package let sha256: HashFunction = { bytes in
    [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
        guard EVP_Digest(bytes, bytes.count, digest.baseAddress, nil, algorithm, nil) == 1 else {
            preconditionFailure("libcrypto has no memory")
        }
        count = 32
    }
}

/// Looked up once: libcrypto 3 otherwise does so for each hash, which costs more than hashing a kilobyte.
private nonisolated(unsafe) let algorithm: OpaquePointer = {
    guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { preconditionFailure("libcrypto has no SHA-256") }
    return algorithm
}()
