import COpenSSL

/// What a client proves its identity with: a certificate, its private key, and who signed it.
package struct ClientCertificate: Sendable {
    package let certificate: Certificate
    let key: PrivateKey
    /// The authorities between it and the one that the server knows, which are sent along.
    let chain: [Certificate]

    package init(_ certificate: Certificate, _ key: PrivateKey, chain: [Certificate]) {
        self.certificate = certificate
        self.key = key
        self.chain = chain
    }
}

/// A private key, which never leaves libcrypto: the one owner of its pointer.
package final class PrivateKey: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Whether it is the key of that certificate.
    package func fits(_ certificate: Certificate) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(certificate.pointer, pointer) == 1
    }
}
