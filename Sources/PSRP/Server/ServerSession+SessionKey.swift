import CLIXML

/// Secure strings on a server: in the clear at 2.4, under a key of its own before that, which a client asks for when it
/// needs it (server/key-request, server/key-exchange).
extension ServerSession {
    func open(_ value: PSValue) throws(PSRPError) -> PSValue {
        guard !sendsPlainSecureStrings, value.containsSecureString else { return value }
        guard let sessionCipher else {
            throw PSRPError(.sessionKey, "The client sent a secure string before it asked for a session key.")
        }
        return try sessionCipher.decrypt(value)
    }

    mutating func seal(_ value: PSValue) throws(PSRPError) -> PSValue {
        guard !sendsPlainSecureStrings, value.containsSecureString else { return value }
        return try cipher().encrypt(value)
    }

    mutating func answer(publicKey value: PSValue) throws(PSRPError) {
        let text = try value.requiredString("PublicKey").text
        guard let blob = Base64.decode(Array(text.utf8)[...]) else {
            throw PSRPError(.sessionKey, "The client's public key is not base64.")
        }
        let publicKey = try RSAPublicKey(publicKeyBlob: blob)
        let cipher = try cipher()
        let ciphertext = try sessionKeyWork { () throws in
            try cipher.cryptography.seal(cipher.key, for: publicKey)
        }
        var sealed: [UInt8] = []
        Base64.encode(SessionKeyBlob.pack(ciphertext: ciphertext), into: &sealed)
        send(
            .encryptedSessionKey,
            .properties([("EncryptedSessionKey", .string(String(decoding: sealed, as: UTF8.self)))])
        )
    }

    private mutating func cipher() throws(PSRPError) -> SessionCipher {
        if let sessionCipher { return sessionCipher }
        guard let cryptography else {
            throw PSRPError(.sessionKey, "A secure string needs a session key, and none can be made here.")
        }
        let key = try sessionKeyWork { () throws in try cryptography.randomBytes(32) }
        let cipher = SessionCipher(cryptography: cryptography, key: key)
        sessionCipher = cipher
        return cipher
    }

    private var sendsPlainSecureStrings: Bool {
        guard let protocolVersion else { return false }
        return protocolVersion >= SessionCapability.plainSecureStrings
    }
}
