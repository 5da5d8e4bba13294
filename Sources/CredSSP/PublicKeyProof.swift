import TLS

/// What proves to each side that nobody stands between them: the key of the TLS certificate, sealed with what the user's
/// password alone could make (MS-CSSP, 3.1.5, versions 5 and 6).
struct PublicKeyProof {
    /// The content of the certificate's SubjectPublicKey.
    let key: [UInt8]
    let nonce: [UInt8]

    var ofClient: [UInt8] { hash("CredSSP Client-To-Server Binding Hash") }

    /// What the host must answer.
    var ofServer: [UInt8] { hash("CredSSP Server-To-Client Binding Hash") }

    private func hash(_ words: String) -> [UInt8] { SHA256Digest.of(Array(words.utf8) + [0] + nonce + key) }
}
