import COpenSSL

/// An X.509 certificate: the one owner of its pointer, never changed.
package final class Certificate: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    /// What it says of itself: read when it is asked for, since most connections never are.
    package var facts: CertificateFacts { CertificateFacts(of: pointer) }

    /// Another owner of a certificate that somebody else holds.
    convenience init(sharing pointer: OpaquePointer) {
        X509_up_ref(pointer)
        self.init(owning: pointer)
    }

    /// The content of its SubjectPublicKey BIT STRING: of an RSA key the PKCS #1 RSAPublicKey, which is not the whole
    /// SubjectPublicKeyInfo.
    package var publicKeyBits: [UInt8] {
        guard let bits = X509_get0_pubkey_bitstr(pointer), let start = ASN1_STRING_get0_data(UnsafePointer(bits)) else {
            return []
        }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(UnsafePointer(bits)))))
    }

    /// What binds an authentication to this certificate's TLS channel: `tls-server-end-point:`, then its hash. The hash is
    /// the one of its signature, but SHA-256 in place of MD5 and SHA-1, and where the signature has none of its own
    /// (RFC 5929, 4.1).
    package var serverEndPointBinding: [UInt8] {
        var hash: Int32 = 0
        let isKnown = X509_get_signature_info(pointer, &hash, nil, nil, nil) == 1
        let isWeak = [NID_md5, NID_sha1, NID_md5_sha1].contains(hash)
        let named = isKnown && !isWeak ? OBJ_nid2sn(hash).flatMap { EVP_get_digestbyname($0) } : nil
        return Array("tls-server-end-point:".utf8) + CertificateFacts.digest(of: pointer, named ?? EVP_sha256())
    }
}
