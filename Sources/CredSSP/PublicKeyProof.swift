import TLS

/// What proves to each side that nobody stands between them: the key of the TLS certificate, sealed with what the user's
/// password alone could make (MS-CSSP, 3.1.5).
struct PublicKeyProof {
    private let key: [UInt8]
    /// Of versions 5 and 6; nil says an older one.
    let nonce: [UInt8]?

    /// - Parameter key: the content of the certificate's SubjectPublicKey.
    init(key: [UInt8], version: UInt32, nonce: [UInt8]) {
        self.key = key
        self.nonce = version >= 5 ? nonce : nil
    }

    var ofClient: [UInt8] {
        nonce.map { Self.hash("CredSSP Client-To-Server Binding Hash", $0, key) } ?? key
    }

    /// What the host must answer. Of older versions: the key, its first byte one more.
    var ofServer: [UInt8] {
        if let nonce { return Self.hash("CredSSP Server-To-Client Binding Hash", nonce, key) }
        return key.prefix(1).map { $0 &+ 1 } + key.dropFirst()
    }

    private static func hash(_ words: String, _ nonce: [UInt8], _ key: [UInt8]) -> [UInt8] {
        SHA256Digest.of(Array(words.utf8) + [0] + nonce + key)
    }
}
